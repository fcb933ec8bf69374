"""The version of this package; that of the API stands in its addresses."""

VERSION = "0.1.0"

"""Names that extraction did not know, and what editors say that they are."""

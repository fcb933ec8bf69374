"""The read-only REST API, version 1."""

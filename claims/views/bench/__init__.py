"""The pages of the editors' bench."""

"""What the pages of the editors' bench show."""

"""How numbers are written, by language, where that differs from Django's own."""

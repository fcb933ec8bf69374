"""Who says what: reporting words, quotations, answers."""

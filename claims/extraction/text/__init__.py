"""The text of an article: paragraphs, words, the parse and questions to it."""

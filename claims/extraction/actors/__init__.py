"""Who is named and meant: names, noun phrases, pronouns, sides."""

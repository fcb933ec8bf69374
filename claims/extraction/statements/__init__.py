"""What is said of a town: predicates, their subjects, and whether it is said to be so."""

"""What measures speed, memory and scale: each prints a table."""

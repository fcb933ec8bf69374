"""Which town, and which part of it, a phrase means."""

"""What `benchmarks.reading` asks, and what it compares the answers with."""

"""For `benchmarks.feeds`: the sites that it polls."""

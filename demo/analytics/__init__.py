"""Analytics of the embedded server: a snapshot of the stored values, and the questions asked of it."""

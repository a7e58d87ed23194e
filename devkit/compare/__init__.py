"""Reports of two machines → every difference between their stacks."""

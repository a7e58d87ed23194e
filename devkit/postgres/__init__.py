"""A server to run on, and migrations replayed on it."""

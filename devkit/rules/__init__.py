"""One policy rule a file."""

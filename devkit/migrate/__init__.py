"""The history of a named database: shown, extended, taken over. And the next file of it."""

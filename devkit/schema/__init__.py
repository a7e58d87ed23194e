"""Live catalogs to values."""

"""examples/rollups: what docs/15-INCREMENTAL-VIEW-UPDATES.md promises, with real connections at the same time."""

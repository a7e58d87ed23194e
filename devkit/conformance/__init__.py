"""Recorded verdicts of a real Citus, and what an engine answers to the same questions."""

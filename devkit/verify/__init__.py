"""Replay, observe, judge."""

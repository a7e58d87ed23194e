"""Manifest text to image uses with their place."""

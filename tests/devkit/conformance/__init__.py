"""Tests of devkit/conformance."""

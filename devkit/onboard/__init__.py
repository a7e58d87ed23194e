"""Onboard: from a clone to a running, verified stack, by steps that are met or are met now."""

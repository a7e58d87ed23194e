"""A save reruns verify."""

"""The test bed: a real Kubernetes API, a real Tilt and real stores, without containers (docs/decisions say why)."""

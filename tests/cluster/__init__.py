"""Everything about clusters, on the test bed: the real API server, the real Tilt, real stores."""

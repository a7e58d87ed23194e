"""Speed beside the peers: each target is a ratio measured in one run, on one machine, on one server."""

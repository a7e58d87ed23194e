"""Raw objects of the Kubernetes API to a verdict for each object that a manifest names; pure."""

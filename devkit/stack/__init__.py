"""The stack in its namespace: brought up, shown, taken down, once the cluster is proven to be one to touch."""

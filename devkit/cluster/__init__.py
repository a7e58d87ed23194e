"""The Kubernetes side: which cluster a kubeconfig leads to, and whether anything may be deleted there."""

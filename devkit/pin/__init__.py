"""Pin: from tags to digests, in the manifests and in the lock."""

"""Registries: what an image is, asked with the login, the proxy and the authorities of this machine."""

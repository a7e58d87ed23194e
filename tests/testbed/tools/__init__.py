"""The programs of the test bed, pinned by Go modules and built once into a cache outside the tree."""

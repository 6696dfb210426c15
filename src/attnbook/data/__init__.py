"""Small data sets that are the same on every machine; each is imported from its own module."""

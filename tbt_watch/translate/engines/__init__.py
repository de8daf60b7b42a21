"""Engines behind one contract: how packages are found, read, downloaded and decoded in batches."""

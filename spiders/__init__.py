"""One file per source, nothing else: declared, not programmed."""

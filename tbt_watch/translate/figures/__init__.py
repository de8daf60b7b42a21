"""Numbers, units, dates and codes in running text: found, locked by sentinels, written as Vietnamese writes them."""

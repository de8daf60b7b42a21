"""What needs no model: headline, opening sentences and dates from facts, and the national office's own texts."""

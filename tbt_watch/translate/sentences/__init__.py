"""A text into sentences that a model can take, and back; which language a sentence is in."""

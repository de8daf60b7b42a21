"""The translation memory: exact, adapted and near hits, learnt from people, shared as TMX and CSV."""

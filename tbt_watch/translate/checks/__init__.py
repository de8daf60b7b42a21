"""Whether a translated text may stand in place of the original: one reader for each thing that must not change."""

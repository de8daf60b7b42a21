"""The term base: found in originals, enforced where that is safe, checked, in and out as tables."""

"""A fictitious roster of a whole county, made from a seed: real villages, nobody who exists, faults that are known."""

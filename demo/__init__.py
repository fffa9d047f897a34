"""A fictitious county with a real county's published totals."""

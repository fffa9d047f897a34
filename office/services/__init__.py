"""What the office does with its own things; the only writers of its tables."""

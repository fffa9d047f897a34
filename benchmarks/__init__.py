"""What is measured, against what limit: one small module per row, `make bench` prints the table.

A row module has `NAME`, `LIMIT` (its figure must not be above) and `measure(scale)`. Figures are ratios against
something measured in the same run, or counts: two shared cores say nothing in seconds.
"""

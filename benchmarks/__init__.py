"""What is measured, against what limit: one small module per row, `make bench` prints the table.

A row module has `measure(scale)`, which yields what was measured, the figure and its limit, above which the figure must
not be; `LOOKS_AT_THE_COUNTY` where it only looks at the county in bulk, which such rows share. Figures are ratios
against something measured in the same run, or counts: two shared cores say nothing in seconds.
"""

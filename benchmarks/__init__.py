"""What is measured, against what limit: one small file per row, `make bench` prints the table."""

"""The register's own papers. How any paper is set is office/printing.py."""

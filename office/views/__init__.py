"""The office's own pages, one module per subject."""

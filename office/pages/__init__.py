"""What all pages share: lists, forms, errors, languages; the behaviour lives once."""

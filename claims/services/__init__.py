"""What the office does with its benefit plans; the only writer."""

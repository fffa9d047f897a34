"""What the office does with claims, from providers and plans to what is granted; the only writer."""

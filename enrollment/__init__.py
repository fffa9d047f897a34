"""Who is insured, when, and what they and the state contribute."""

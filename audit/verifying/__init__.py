"""What the separate verifier of the trail is made of (audit/verifier.py)."""

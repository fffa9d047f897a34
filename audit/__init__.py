"""What inspectors look for, find and follow up; the proof that nothing was altered."""

"""Answers about benefit plans."""

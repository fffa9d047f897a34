"""Answers about claims and what they rest on: providers, diseases, plans, what comes before."""

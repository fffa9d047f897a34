"""Fifty clerks at their desks, for benchmarks/load.py: browsers without a screen, people with work, and what of it
must be found in the books afterwards.
"""

"""A county's month of registers and lists, as clinics and hospitals hand it in, through the services alone.

At scale 1: 35,000 visits on village registers of 200 rows, 2,300 stays on hospitals' lists. `made.py` makes the office
and its people, `played.py` does the month's work; begun again after it was killed it goes on where it stopped.
"""

"""Arithmetic and decisions on plain values: no Django, no clock."""

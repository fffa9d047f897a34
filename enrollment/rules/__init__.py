"""Who is insured, as decisions on plain values: no Django, no clock (docs/rules/enrollment.md)."""

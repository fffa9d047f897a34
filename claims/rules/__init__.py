"""What the rules grant, as arithmetic on plain values: no Django, no clock, no database (docs/rules/benefits.md)."""

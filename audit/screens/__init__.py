"""What is looked for in the county's claims (疑点筛查), one small module per test (docs/rules/screens.md).

Each is a statement over all claims at once. A hit is a lead and never a verdict.
"""

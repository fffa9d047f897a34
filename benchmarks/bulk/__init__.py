"""Five years of a county in bulk: 400,000 people, 2,000,000 claims, all made up, as the services would have left them.

No office: whatever these modules write is invented, and they write into an empty database of tests alone. A claim goes
through the same steps as in `claims/services`, valued by the same evaluator in the order of approval, routed by the
same rules, with its lines, invoices, papers, rounds, seats, votes, cuts, approval with its trace, parts, counters and
acts; only the rows go in by COPY, past the triggers. `checks.py` counts afterwards what those would have refused.

Not made: row history (`*event`), claims entered anew, reversals, flags, and meetings of the committee: its claims wait
for the next one.
"""

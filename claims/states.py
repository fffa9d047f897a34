"""The drawing of a claim's states, from the table of moves that the database enforces (docs/rules/claim-states.md)."""

from __future__ import annotations

from django.utils.translation import override

from claims.models import Claim

HEAD = """\
# The states of a claim

Drawn from `Claim.MOVES` by `manage.py draw_claim_states`; a test compares the two, and another the table with the one
that the database enforces. On an arrow stands the outcome of the round that the move needs; a move without one is a
service's own. What each step is: `claims.md`.

"""


def drawing() -> str:
    """The page, with a diagram and the same moves as a table."""
    labels = _labels()
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {labels[state][1]}" for state in Claim.State.values]
    lines += [
        f"    {before or '[*]'} --> {after}{': ' + outcome if outcome else ''}"
        for (before, after), outcome in Claim.MOVES.items()
    ]
    lines += [f"    {state} --> [*]" for state in Claim.ENDED_WITHOUT]
    lines += ["```", "", "| state | 中文 | goes to |", "|---|---|---|"]
    for state in Claim.State.values:
        following = [
            f"{after} ({outcome})" if outcome else after
            for (before, after), outcome in Claim.MOVES.items()
            if before == state
        ]
        lines.append(f"| {state}: {labels[state][0]} | {labels[state][1]} | {', '.join(following) or 'ends here'} |")
    return HEAD + "\n".join(lines) + "\n"


def _labels() -> dict[str, tuple[str, str]]:
    told = []
    for language in ("en", "zh-hans"):
        with override(language):
            told.append([str(state.label) for state in Claim.State])
    return dict(zip(Claim.State.values, zip(*told, strict=True), strict=True))

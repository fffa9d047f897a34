"""Returning a claim (退回补正): what is missing is ticked on the list of its kind and said in words, once and in full.

The rows are written while the round is open, before the vote that closes it; intake answers each of them before the
claim is handed on again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.models import AskedPaper, Claim
from claims.rules import papers as paper_rules
from claims.selectors import asking
from office.models import Person
from office.models.rounds import Choice

LONGEST = 500


class CannotCheck(Exception):
    """The claim stays where it is; the message is written for the checker."""


def ask(claim: Claim, opened: Any, choice: str, papers: Sequence[str], words: str, by: Person, at: datetime) -> str:
    """Write down what a return asks for; gives the reason of the vote in words. Raises CannotCheck."""
    words = words.strip()
    if choice != Choice.RETURN:
        if papers:
            raise CannotCheck(_("Papers are asked for where a claim is returned."))
        return words
    unknown = [one for one in papers if one == AskedPaper.OTHER or paper_rules.by_code(one) is None]
    if unknown:
        raise CannotCheck(_("This paper is on no list: say in words what is missing."))
    if not papers and not words:
        raise CannotCheck(_("Tick what is missing, or say it in words: the full list of it, it is told once."))
    told = {"claim": claim, "round": opened, "version": claim.content_version, "by": by, "at": at}
    asked = [AskedPaper(paper=one, **told) for one in dict.fromkeys(papers)]
    if words:
        asked.append(AskedPaper(paper=AskedPaper.OTHER, words=words[:LONGEST], **told))
    AskedPaper.objects.bulk_create(asked)
    return "；".join(asking.sentence(one) for one in asked)[:LONGEST]


def ask_of_committee(claim: Claim, opened: Any, by: Person, at: datetime) -> None:
    """What a committee that returns a claim asks for: the words of all who voted so, as one thing in words."""
    votes = opened.votes.filter(choice=Choice.RETURN).order_by("pk").values_list("reason", flat=True)
    words = "；".join(dict.fromkeys(votes))[:LONGEST]
    AskedPaper.objects.create(
        claim=claim, round=opened, version=claim.content_version, paper=AskedPaper.OTHER, words=words, by=by, at=at
    )

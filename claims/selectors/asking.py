"""What a checker asked for when a claim came back, in words: for pages, the notice, the next hand-on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claims import claim_words
from claims.models import AskedPaper, Claim, ClaimPaper
from claims.rules import papers as paper_rules


def asked_of(claim: Claim) -> list[AskedPaper]:
    """All that was asked for with the return of a claim."""
    return list(claim.asked_papers.select_related("by").order_by("pk"))


def sentence(asked: AskedPaper) -> str:
    """One of them: the paper, and what is wrong with it."""
    if asked.paper == AskedPaper.OTHER:
        return asked.words
    name = claim_words.paper(asked.paper)
    return f"{name}：{asked.words}" if asked.words else name


def words_of(claim: Claim, code: str, asked: Sequence[AskedPaper] | None = None) -> str:
    """A paper of a claim by its code, as it was asked for."""
    known = asked_of(claim) if asked is None and code == AskedPaper.OTHER else asked or ()
    return next((one.words for one in known if one.paper == code == AskedPaper.OTHER), claim_words.paper(code))


def lacking(claim: Claim) -> list[str]:
    """Everything that a claim lacks, each in words: what a checker asked for while it is away from him, and what its
    version has neither there nor answered."""
    return lacking_of(claim, asked_of(claim), claim.papers.filter(version=claim.content_version).order_by("pk"))


def lacking_of(claim: Claim, asked: Sequence[AskedPaper], papers: Iterable[ClaimPaper]) -> list[str]:
    """The same, where both are known already."""
    if claim.state == Claim.State.RETURNED:
        return [sentence(one) for one in asked]
    known = {one.paper: one for one in asked}
    open_ = [one.paper for one in papers if not one.is_there and not one.answer]
    return [sentence(known[one]) if one in known else claim_words.paper(one) for one in open_]


def list_for(claim: Claim) -> list[tuple[str, str]]:
    """The papers of a claim's kind by code, in words, as they can be asked for."""
    facts = paper_rules.facts_of(
        kind=claim.kind,
        region=claim.region,
        is_referred=claim.is_referred,
        is_emergency=claim.is_emergency,
        ground=claim.ground,
    )
    return [(one.code, claim_words.paper(one.code)) for one in paper_rules.needed(facts, claim.entered_on)]

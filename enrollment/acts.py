"""The register's acts by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "account.credited": _("credited an account"),
    "account.debited": _("used an account"),
    "coverage.begun": _("noted a coverage"),
    "coverage.ended": _("ended a coverage"),
    "coverage.voided": _("made a coverage void"),
    "division.stationed": _("said which station serves a township"),
    "divisions.imported": _("imported divisions"),
    "exception.ended": _("took an exception to whole households back"),
    "exception.noted": _("noted an exception to whole households"),
    "fund-year.changed": _("changed the draft of a fund year"),
    "fund-year.copied": _("copied a fund year to a later one"),
    "fund-year.decided": _("decided a fund year"),
    "fund-year.drafted": _("drafted a fund year"),
    "fund-year.proposed": _("proposed a fund year"),
    "fund-year.withdrawn": _("took a fund year back"),
    "go-live.proposed": _("brought a file for the beginning"),
    "go-live.signed": _("signed a go-live protocol"),
    "go-live.withdrawn": _("took a go-live protocol back"),
    "go-live.written": _("wrote what was brought for the beginning"),
    "household.added": _("added a household"),
    "household.ended": _("noted that nobody is left in a household"),
    "household.moved": _("moved a household"),
    "household.split": _("split a household"),
    "id-number.shown": _("looked at a whole ID number"),
    "member.added": _("added a member"),
    "member.corrected": _("corrected a member"),
    "member.died": _("noted a death"),
    "member.head-changed": _("named another head of a household"),
    "member.left": _("noted that a member moved away"),
    "member.merged": _("merged two records of one person"),
    "member.merge-proposed": _("proposed to merge two records"),
    "member.moved": _("moved a member to another household"),
    "member.returned": _("noted that a member is back"),
    "payee-account.confirmed": _("confirmed a payee account"),
    "payee-account.proposed": _("entered a payee account"),
    "roster.checked": _("checked a roster"),
    "roster.imported": _("imported a roster"),
    "scheme.added": _("added a scheme"),
}

"""What of the demo county's claims is in public and on appeal: lists in every state, objections, appeals. People, stays
and amounts are made up.

What was posted and filed days ago is dated so; the claims were decided on the days on which codes were shown
(demo/checking.py).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Appeal, Claim, ClaimPart, PublicityList, TimeLimit
from claims.services import appeals, notices, objections, publicity, settling, time_limits
from claims.services.appeals import Filed
from claims.services.notices import Service
from claims.services.objections import Said
from claims.services.publicity import Posting, Slip
from demo import checking
from demo.checking import BOTH, COUNTY, MOTHERS, TCM, Desk, Way
from demo.factors import show_factor
from demo.meeting import PASSED_OVER
from demo.taking_in import Stay
from enrollment.models import Division, FundYear, Member, Scheme
from office import deciding
from office.models import Person
from office.proof import Proof
from office.rules import days
from office.services import rounds

PAPER: Final = "海合管发〔2009〕17号（演示）"
LIMITS: Final = (
    (TimeLimit.Kind.PUBLICITY, 7),
    (TimeLimit.Kind.OBJECTION_ANSWERED, 5),
    (TimeLimit.Kind.APPEAL_FILED, 30),
    (TimeLimit.Kind.APPEAL_ANSWERED, 30),
)
DECIDED: Final = 8  # days ago: the claims were decided, paid and posted
FIRST_INVOICE: Final = 450  # those of demo/checking.py and demo/meeting.py come before it
CUT: Final = (("cut", DECIDED), ("second", DECIDED))


def _stay(provider: str, disease: str, nights: int, drugs: int, others: int) -> Stay:
    return Stay(provider, disease, nights, (("drug", "A", drugs), ("exam", "A", others), ("bed", "A", nights * 8)))


#: Four that are paid and posted after it; of the last of them something was cut and is won back. Of one more something
#: was cut and is not answered in writing yet.
WAYS: Final = (
    Way(_stay(COUNTY, "J18.9", 7, 1_700, 444), 9, BOTH),
    Way(_stay(TCM, "K29.5", 6, 820, 352), 9, BOTH),
    Way(_stay(MOTHERS, "J18.9", 5, 640, 260), 9, BOTH),
    Way(_stay(COUNTY, "I10", 8, 2_600, 636), 9, CUT),
    Way(_stay(TCM, "J44.9", 7, 1_900, 504), 9, CUT),
)


@dataclass
class _Public:
    """Who makes, posts and answers, and when."""

    people: Mapping[str, Person]
    proofs: Mapping[str, Proof]
    at: datetime

    def ago(self, number: int) -> datetime:
        return self.at - timedelta(days=number)

    def day(self, number: int) -> date:
        return days.business_day(self.ago(number))


def leave(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """Leave all of it behind, where claims were decided."""
    refused = Claim.objects.filter(state=Claim.State.REFUSED, scheme=year.scheme, notices=None).first()
    if refused is None:
        return
    proofs = {name: show_factor(people[name], at) for name in ("head", "accounting")}
    here = _Public(people, proofs, at)
    _limits(year.scheme, here)
    claims = _decided(people, shown, at)
    *others, cut, _unanswered = claims
    for one in (*others, cut):
        _pay(one, here)
    _appeal(refused, here)
    won = _appeal(cut, here)
    for name in ("head", "accounting"):
        _vote(won, here.proofs[name])
    _post(year.scheme, here)


def _limits(scheme: Scheme, here: _Public) -> None:
    """How many days the scheme's paper gives."""
    for kind, number in LIMITS:
        asked = time_limits.propose(
            scheme=scheme,
            kind=kind,
            days=number,
            first=date(2009, 1, 1),
            last=None,
            document=PAPER,
            by=here.people["accountant"],
            at=here.at,
        )
        _vote(asked, here.proofs["head"])


def _vote(subject: object, proof: Proof) -> None:
    opened = deciding.rounds_of(subject).latest("pk")  # type: ignore[arg-type]
    rounds.vote(
        round=opened,
        choice="approve",
        hash_seen=opened.subject_hash,
        reason="核对无误（演示）",
        by=proof.person,
        at=proof.at,
        proof=proof,
    )


def _decided(people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> list[Claim]:
    """Claims of people of whom nothing was asked before."""
    desk = Desk(people, shown, at)
    free = checking.insured_heads(days.business_day(at)).exclude(pk__in=Claim.objects.values("member"))
    patients = _of_many_villages(free.order_by("-pk")[PASSED_OVER:].select_related("household"))
    for place, way in enumerate(WAYS):
        desk.go(way, patients, FIRST_INVOICE + place)
    return list(Claim.objects.order_by("-pk")[: len(WAYS)])[::-1]


def _of_many_villages(heads: Iterable[Member]) -> Iterator[Member]:
    """One of each village first, so that there is more than one list."""
    some = list(heads)
    firsts = {one.household.village_id: one for one in reversed(some)}
    return iter(sorted(some, key=lambda one: one != firsts[one.household.village_id]))


def _pay(claim: Claim, here: _Public) -> None:
    """Paid on the day of its approval; the books follow with the money."""
    parts = ClaimPart.objects.filter(approval__claim=claim)
    cashier, at = here.people["cashier"], here.ago(DECIDED)
    settling.mark_paying(parts=list(parts), by=cashier, at=at)
    settling.mark_paid(parts=list(parts.all()), by=cashier, at=at)


def _appeal(claim: Claim, here: _Public) -> Appeal:
    """The decision was served the day after; the patient appeals within a few days."""
    secretary = here.people["secretary"]
    on = here.day(DECIDED - 1)
    number = f"海合决〔{on.year}〕{claim.number[-4:]}号（演示）"
    issued = notices.issue(claim=claim, number=number, on=on, by=secretary, at=here.ago(DECIDED - 1))
    service = Service("handed_over", claim.member.name, on)
    notices.serve(notice=issued, service=service, by=secretary, at=here.ago(DECIDED - 1))
    is_refused = claim.state == Claim.State.REFUSED
    restored = {} if is_refused else {one.pk: one.amount for one in claim.cuts.filter(counts=True)}
    grounds = "事故责任认定书显示无第三方责任（演示）" if is_refused else "有医嘱单为证（演示）"
    filed = Filed(claim.member.name, "本人", grounds, here.day(3), restored=restored)
    return appeals.receive(claim=claim, filed=filed, by=here.people["intake"], at=here.ago(3))


def _post(scheme: Scheme, here: _Public) -> None:
    """All lists of the day on which the claims were decided: one to end, one late, the others to post."""
    secretary, township = here.people["secretary"], here.people["registrar"]
    month = here.day(DECIDED).replace(day=1)
    county = Division.objects.get(level=Division.Level.COUNTY)
    made = publicity.make(scheme=scheme, month=month, area=county, by=secretary, at=here.ago(DECIDED))
    before = next(one for one in made if one.timing == PublicityList.Timing.BEFORE)
    late = next(one for one in made if one.timing == PublicityList.Timing.AFTER)
    for one in (before, late):
        hangs = Posting(here.day(DECIDED), "村委会公示栏", "村会计（演示）")
        publicity.post(made=one, posting=hangs, by=township, at=here.ago(DECIDED))
    photo = SimpleUploadedFile("公示回执照片（演示）.png", picture(), "image/png")
    publicity.note_slip(posted=before, slip=Slip(here.day(0), "村主任（演示）", photo), by=township, at=here.at)
    _object(before, "听说是工伤，单位已经赔过（演示）", DECIDED, here)
    _object(late, "本人当月在外打工，未见住院（演示）", 2, here)


def _object(hanging: PublicityList, words: str, ago: int, here: _Public) -> None:
    said = Said("邻居（演示）", words, here.day(ago), "13900000000")
    [entry, *_more] = hanging.entries.all()
    objections.take_down(entry=entry, said=said, by=here.people["registrar"], at=here.ago(ago))


def picture(width: int = 320, height: int = 240) -> bytes:
    """A plain grey picture, in place of a photograph."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = b"".join(b"\0" + bytes([200 + line % 40]) * width for line in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

"""Fund years: drafted, filled in, proposed with the scan, confirmed by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.utils import translation
from PIL import Image

from conftest import NOON
from enrollment.models import (
    Category,
    FundYear,
)
from enrollment.selectors import fund_years as selectors
from enrollment.services import fund_year_lines as lines
from enrollment.services import fund_years
from enrollment.services.fund_year_lines import Rate, Subsidy
from enrollment.services.fund_years import CannotChange, CannotDraft, CannotPropose, Header
from enrollment.tests import factories
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Act, Duty
from office.services import rounds
from office.services.rounds import CannotVote
from office.tests.factories import shown_by, tess

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


HEADER = Header(
    year=2010,
    start=date(2010, 1, 1),
    end=date(2010, 12, 31),
    collect_from=date(2009, 9, 1),
    collect_until=date(2009, 12, 31),
    paper_number="海政发〔2009〕68号",
    paper_date=date(2009, 8, 1),
    basis="register",
)


def picture() -> bytes:
    """The smallest scan."""
    out = BytesIO()
    Image.new("1", (8, 8), 1).save(out, "PNG")
    return out.getvalue()


PNG = picture()


@pytest.fixture
def fay(appoint):
    """Keeps the books."""
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def hal(appoint):
    """Heads the office."""
    return appoint("hal", Duty.OFFICE_HEAD)


@pytest.fixture
def draft(fay) -> FundYear:
    return fund_years.draft_fund_year(scheme=factories.scheme(), header=HEADER, by=fay, at=NOON)


def scan(name="68.png", content=PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def fill(draft, by, fee=20) -> FundYear:
    """All that is needed for proposing."""
    lines.set_rates(
        fund_year=draft, rates={category: Rate(Decimal(fee)) for category in Category.values}, by=by, at=NOON
    )
    fund_years.attach_paper(fund_year=draft, upload=scan(), by=by, at=NOON)
    return draft


def propose(draft, by):
    return fund_years.propose(fund_year=draft, by=by, at=NOON)


def vote(opened, by, choice="approve", reason="", at=NOON):
    return rounds.vote(
        round=opened,
        choice=choice,
        hash_seen=opened.subject_hash,
        by=by,
        at=at,
        proof=shown_by(by, at),
        reason=reason,
    )


def state(draft) -> str:
    draft.refresh_from_db()
    return draft.state


class TestDraft:
    def test_says_what_the_paper_says(self, draft, fay):
        assert (draft.state, str(draft), draft.proposed_by) == ("draft", "ncms 2010", fay)
        assert (draft.period.lower, draft.period.upper) == (date(2010, 1, 1), date(2011, 1, 1))
        assert Act.objects.get(name="fund-year.drafted").facts["scheme"] == "ncms"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"end": date(2009, 12, 31)}, "before the first"),
            ({"collect_until": date(2009, 8, 31)}, "before the first"),
            ({"year": 2012}, "does not lie in the year 2012"),
        ],
        ids=["ends before it begins", "collected backwards", "another year"],
    )
    def test_a_head_that_cannot_be(self, fay, change, words):
        with pytest.raises(CannotDraft, match=words):
            fund_years.draft_fund_year(scheme=factories.scheme(), header=replace(HEADER, **change), by=fay, at=NOON)
        assert not FundYear.objects.exists()

    @pytest.mark.parametrize(
        "other",
        [HEADER, replace(HEADER, year=2011, start=date(2010, 7, 1), end=date(2011, 6, 30))],
        ids=["the same year", "overlapping"],
    )
    def test_the_years_of_a_scheme_never_overlap(self, draft, fay, other):
        with pytest.raises(CannotDraft, match="ncms 2010"):
            fund_years.draft_fund_year(scheme=draft.scheme, header=other, by=fay, at=NOON)
        of_another = fund_years.draft_fund_year(scheme=factories.scheme("residents"), header=other, by=fay, at=NOON)
        assert of_another.pk

    def test_what_was_taken_back_is_in_nobodys_way(self, draft, fay):
        fund_years.withdraw(fund_year=draft, by=fay, at=NOON)
        assert fund_years.draft_fund_year(scheme=draft.scheme, header=HEADER, by=fay, at=NOON).pk != draft.pk


class TestHeader:
    def change(self, draft, by, **change):
        seen = change.pop("seen", fund_years.header_seen(FundYear.objects.get(pk=draft.pk)))
        fund_years.change_header(fund_year=draft, header=replace(HEADER, **change), seen=seen, by=by, at=NOON)

    def test_is_corrected_while_it_is_a_draft(self, draft, fay):
        self.change(draft, fay, paper_number="海政发〔2009〕69号")
        draft.refresh_from_db()
        assert draft.paper_number == "海政发〔2009〕69号"
        assert "68号 → 海政发〔2009〕69号" in Act.objects.get(name="fund-year.changed").facts["changed"]
        self.change(draft, fay, paper_number="海政发〔2009〕69号")
        assert Act.objects.filter(name="fund-year.changed").count() == 1

    def test_not_unseen(self, draft, fay):
        with pytest.raises(CannotChange, match="Somebody changed"):
            self.change(draft, fay, seen="0" * 64, year=2010)

    def test_not_so_that_it_overlaps(self, draft, fay):
        later = replace(HEADER, year=2011, start=date(2011, 1, 1), end=date(2011, 12, 31))
        fund_years.draft_fund_year(scheme=draft.scheme, header=later, by=fay, at=NOON)
        with pytest.raises(CannotChange, match="ncms 2011"):
            self.change(draft, fay, end=date(2011, 1, 1))

    def test_not_once_it_is_proposed(self, draft, fay):
        propose(fill(draft, fay), fay)
        with pytest.raises(CannotChange, match="to be confirmed"):
            self.change(draft, fay)

    @pytest.mark.parametrize("sql", ["proposed_by_id = %s", "scheme_id = %s"])
    def test_the_database_keeps_a_draft_whose_it_is(self, draft, sql):
        other = tess().pk if "by" in sql else factories.scheme("residents").pk
        with pytest.raises(IntegrityError, match="stays whose it is"), connection.cursor() as cursor:
            cursor.execute(f"UPDATE enrollment_fundyear SET {sql}", [other])

    @pytest.mark.parametrize("after", ["confirmed", "refused"])
    def test_the_database_still_asks_for_the_round(self, draft, after):
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute("UPDATE enrollment_fundyear SET state = %s, year = 2009", [after])


class TestProposing:
    def test_needs_all_rates_and_the_scan(self, draft, fay):
        with pytest.raises(CannotPropose, match=r"every category.*scan"):
            propose(draft, fay)
        lines.set_rates(fund_year=draft, rates={"ordinary": Rate(Decimal(20))}, by=fay, at=NOON)
        fund_years.attach_paper(fund_year=draft, upload=scan(), by=fay, at=NOON)
        with pytest.raises(CannotPropose, match="every category"):
            propose(draft, fay)
        assert state(draft) == "draft"
        assert not deciding.rounds_of(draft).exists()

    def test_a_scan_is_a_picture_or_pdf_and_comes_before(self, draft, fay):
        with pytest.raises(CannotChange, match="picture or a PDF"):
            fund_years.attach_paper(fund_year=draft, upload=scan("x.csv", b"a,b\n1,2\n"), by=fay, at=NOON)
        propose(fill(draft, fay), fay)
        with pytest.raises(CannotChange, match="Only a draft"):
            fund_years.attach_paper(fund_year=draft, upload=scan(), by=fay, at=NOON)

    def test_once(self, draft, fay, hal):
        opened = propose(fill(draft, fay), fay)
        with pytest.raises(CannotPropose, match="already"):
            propose(draft, fay)
        vote(opened, hal)
        with pytest.raises(CannotPropose, match="confirmed"):
            propose(draft, fay)

    def test_the_hash_covers_head_and_every_line(self, draft, fay):
        fill(draft, fay)
        village = factories.division()
        due = date(2010, 3, 31)
        hashes = [fund_years.content(draft)]
        for change in (
            lambda: lines.set_rates(fund_year=draft, rates={"student": Rate(Decimal(10))}, by=fay, at=NOON),
            lambda: lines.set_subsidies(
                fund_year=draft, subsidies={("central", 1): Subsidy(Decimal(40), due)}, by=fay, at=NOON
            ),
            lambda: lines.set_populations(fund_year=draft, heads={village: 9}, by=fay, at=NOON),
            lambda: lines.set_targets(fund_year=draft, targets={(village.parent, ""): 8}, by=fay, at=NOON),
            lambda: lines.set_targets(fund_year=draft, targets={(None, village.parent.code): 7}, by=fay, at=NOON),
            lambda: fund_years.attach_paper(fund_year=draft, upload=scan("p2.png", PNG + b" "), by=fay, at=NOON),
            lambda: fund_years.change_header(
                fund_year=draft,
                header=replace(HEADER, basis="census"),
                seen=fund_years.header_seen(draft),
                by=fay,
                at=NOON,
            ),
        ):
            change()
            hashes.append(fund_years.content(FundYear.objects.get(pk=draft.pk)))
            assert hashes[-1] not in hashes[:-1]

    def test_what_a_voter_reads(self, draft, fay):
        lines.set_subsidies(
            fund_year=draft, subsidies={("central", 1): Subsidy(Decimal(40), date(2010, 3, 31))}, by=fay, at=NOON
        )
        said = [value for _label, value in fund_years.rows(fill(draft, fay))]
        assert {"ncms", "2010", "海政发〔2009〕68号 · 2009-08-01", "20.00", "40.00", "68.png"} <= set(said)

    def test_he_reads_it_in_his_language(self, draft, fay):
        lines.set_subsidies(
            fund_year=draft, subsidies={("central", 1): Subsidy(Decimal(40), date(2010, 3, 31))}, by=fay, at=NOON
        )
        with translation.override("zh-hans"):
            labels = [label for label, _value in fund_years.rows(fill(draft, fay))]
        assert {"个人缴费：普通", "人均财政补助：中央，第 1 批"} <= set(labels)
        assert [one for one in labels if any(letter.isascii() and letter.isalpha() for letter in one)] == []


class TestDeciding:
    @pytest.mark.parametrize("duty", [Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD])
    def test_confirmed_by_somebody_else(self, draft, fay, appoint, duty):
        opened = propose(fill(draft, fay), fay)
        assert state(draft) == "proposed"
        vote(opened, appoint("kim", duty))
        assert state(draft) == "confirmed"
        assert Act.objects.get(name="fund-year.decided").facts["outcome"] == "approved"
        assert selectors.fund_year_on(draft.scheme, date(2010, 12, 31)) == draft
        assert selectors.fund_year_on(draft.scheme, date(2011, 1, 1)) is None

    def test_refused_it_stays_refused(self, draft, fay, hal):
        vote(propose(fill(draft, fay), fay), hal, "refuse", "another paper came")
        assert state(draft) == "refused"
        assert selectors.fund_year_on(draft.scheme, date(2010, 6, 1)) is None
        with pytest.raises(CannotPropose):
            propose(draft, fay)

    def test_returned_it_is_mended_and_proposed_again(self, draft, fay, hal):
        first = propose(fill(draft, fay), fay)
        vote(first, hal, "return", "20, not 30")
        assert state(draft) == "draft"
        lines.set_rates(fund_year=draft, rates={"ordinary": Rate(Decimal(30))}, by=fay, at=NOON)
        again = propose(draft, fay)
        assert again.subject_hash != first.subject_hash
        vote(again, hal)
        assert state(draft) == "confirmed"

    def test_deferred_it_waits_for_another_round(self, draft, fay, hal):
        vote(propose(fill(draft, fay), fay), hal, "defer", "the paper is at the county")
        assert state(draft) == "proposed"
        vote(propose(draft, fay), hal)
        assert state(draft) == "confirmed"

    def test_nobody_confirms_what_he_entered(self, draft, fay, hal, appoint):
        fill(draft, fay)
        lines.set_targets(fund_year=draft, targets={(None, "低保"): 1}, by=hal, at=NOON)
        opened = propose(draft, fay)
        for person in (fay, hal):
            with pytest.raises(CannotVote):
                vote(opened, person)
        assert state(draft) == "proposed"

    @pytest.mark.parametrize("duty", [Duty.FUND_ACCOUNTANT, Duty.FIRST_CHECKER, Duty.SYSTEM_ADMINISTRATOR])
    def test_nobody_else_confirms(self, draft, fay, appoint, duty):
        opened = propose(fill(draft, fay), fay)
        with pytest.raises(CannotVote, match="do not belong"):
            vote(opened, appoint("eve", duty))

    def test_a_vote_takes_a_second_factor_and_what_was_seen(self, draft, fay, hal):
        opened = propose(fill(draft, fay), fay)
        said = {"round": opened, "choice": "approve", "by": hal, "at": NOON}
        with pytest.raises(CannotVote, match="second factor"):
            rounds.vote(**said, hash_seen=opened.subject_hash, proof=None)
        with pytest.raises(CannotVote, match="changed"):
            rounds.vote(**said, hash_seen="0" * 64, proof=shown_by(hal))

    def test_a_confirmed_year_is_not_altered_by_sql(self, draft, fay, hal):
        vote(propose(fill(draft, fay), fay), hal)
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute("UPDATE enrollment_contributionrate SET own = 1")


class TestWithdrawing:
    def test_a_draft_and_what_is_proposed(self, draft, fay):
        opened = propose(fill(draft, fay), fay)
        fund_years.withdraw(fund_year=draft, by=fay, at=NOON)
        opened.refresh_from_db()
        assert (state(draft), opened.state) == ("withdrawn", "void")
        with pytest.raises(CannotWithdraw, match="decided already"):
            fund_years.withdraw(fund_year=draft, by=fay, at=NOON)

    def test_only_by_whoever_entered_it(self, draft, hal):
        with pytest.raises(CannotWithdraw, match="Whoever entered"):
            fund_years.withdraw(fund_year=draft, by=hal, at=NOON)
        assert state(draft) == "draft"

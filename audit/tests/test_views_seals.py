"""Pages of seals and checks, alarms where sealing stands still, the checkpoint on paper."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import worklists_seals
from audit.models import Seal, SealingState, TrailCheck
from audit.prints import seals as prints
from audit.selectors import seals as selectors
from audit.services import checking, sealing
from audit.tests.sealed import act, past_triggers
from conftest import NOON, sign_in
from funds.prints import banks
from funds.selectors import cash
from funds.tests.factories import Counter
from office import desk, printing
from office.models import Act, Job
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)

Reason = SealingState.Reason


@pytest.fixture
def as_dan(client, dan):
    return sign_in(client, dan)


@pytest.fixture
def sealed(county):
    now = timezone.now()
    for _seal in range(2):
        act(county)
        sealing.run(at=now)
    return Seal.objects.get(number=2)


class TestPages:
    def test_a_seal_with_its_code_and_picture(self, as_dan, sealed):
        page = as_dan.get(reverse("audit:seal", args=[1])).content.decode()
        first = Seal.objects.get(number=1)
        assert first.code in page
        assert "<svg" in page
        assert "office_act" in page
        assert reverse("audit:seal", args=[2]) in page
        assert reverse("audit:seal", args=[1]) in as_dan.get(reverse("audit:seal", args=[2])).content.decode()

    def test_a_seal_that_is_not_there_is_said(self, as_dan):
        answer = as_dan.get(reverse("audit:seal", args=[77]), follow=True)
        assert "没有编号为 77 的封存" in answer.content.decode()

    def test_the_list_and_its_columns(self, as_dan, sealed):
        page = as_dan.get(reverse("audit:seals"), {"number": "2"}).content.decode()
        assert sealed.code in page
        assert Seal.objects.get(number=1).code not in page

    @pytest.mark.parametrize("name", ["seals", "trail_checks"])
    def test_a_list_asks_as_much_for_many_as_for_few(self, as_dan, county, name):
        def asked() -> int:
            with CaptureQueriesContext(connection) as seen:
                as_dan.get(reverse(f"audit:{name}"))
            return len(seen)

        for _time in range(2):
            act(county)
            sealing.run(at=NOON)
            checking.check(kind="seals", by=None, at=NOON)
        asked()
        few = asked()
        for _time in range(6):
            act(county)
            sealing.run(at=NOON)
            checking.check(kind="seals", by=None, at=NOON)
        assert asked() == few

    def test_the_state_when_all_is_well_and_when_nothing_was_sealed(self, as_dan, county):
        assert "还没有密钥签过名" in as_dan.get(reverse("audit:sealing")).content.decode()
        sealing.run(at=timezone.now())
        page = as_dan.get(reverse("audit:sealing")).content.decode()
        assert "封存正常" in page
        assert Seal.objects.get().code in page

    def test_the_state_when_it_stands_still_and_a_check_found_something(self, as_dan, county, settings):
        sealing.run(at=timezone.now())
        past_triggers("UPDATE office_act SET reason = 'x'")
        checking.check(kind="seals", by=None, at=timezone.now())
        SealingState.objects.update(reason=Reason.NO_KEY, detail="/etc/key")
        page = as_dan.get(reverse("audit:sealing")).content.decode()
        assert "签名密钥缺失" in page
        assert "/etc/key" in page
        assert "处问题" in page

    def test_a_check_names_its_faults(self, as_dan, dan, sealed):
        pk = Act.objects.earliest("pk").pk
        past_triggers(f"UPDATE office_act SET reason = 'x' WHERE id = {pk}")
        kept = checking.check(kind="seals", by=dan, at=NOON)
        page = as_dan.get(reverse("audit:trail_check", args=[kept.pk])).content.decode()
        assert "该行在封存后被改动" in page
        assert "说明" in page
        well = checking.check(kind="completeness", by=None, at=NOON)
        page = as_dan.get(reverse("audit:trail_check", args=[well.pk])).content.decode()
        assert "未发现问题" in page
        assert "定时任务" in page
        listed = as_dan.get(reverse("audit:trail_checks"), {"result": "faulty"}).content.decode()
        assert "发现问题" in listed
        assert as_dan.get(reverse("audit:trail_checks"), {"result": "well", "as": "xlsx"}).status_code == 200
        assert as_dan.get(reverse("audit:trail_checks"), {"as": "xlsx"}).status_code == 200

    def test_a_check_is_asked_for_as_a_job(self, as_dan):
        answer = as_dan.post(reverse("audit:check_now"))
        assert answer.url == reverse("office:job", args=[Job.objects.get().pk])


class TestAlarms:
    def now(self):
        return timezone.now()

    def words(self, now=None) -> str:
        found = selectors.alarm(now or self.now())
        return str(found.words) if found else ""

    def test_none_where_all_is_well(self, sealed):
        assert self.words() == ""

    def test_nothing_was_ever_sealed(self, county):
        assert self.words() == ""  # no act yet
        act(county)
        assert self.words() == ""
        assert "从未封存过" in self.words(self.now() + timedelta(minutes=6))

    def test_the_clock_does_not_run(self, sealed):
        assert "定时服务没有运行" in self.words(self.now() + timedelta(minutes=4))

    def test_it_does_not_end(self, sealed):
        now = self.now()
        SealingState.objects.update(begun_at=now, well_at=now - timedelta(minutes=6))
        assert "没有结束" in self.words()

    @pytest.mark.parametrize("reason", [one for one in Reason if one != Reason.WELL])
    def test_it_was_refused(self, sealed, reason):
        SealingState.objects.update(reason=reason)
        assert self.words() == str(reason.label)

    def test_a_transaction_does_not_end(self, county):
        with psycopg.connect(servers.app_dsn("test_county_fund")) as slow:
            slow.execute("SELECT pg_current_xact_id()")
            begun = self.now()
            for minutes in (0, 3):
                act(county)
                sealing.run(at=begun + timedelta(minutes=minutes))
            assert self.words(begun + timedelta(minutes=4)) == ""
            SealingState.objects.update(begun_at=begun + timedelta(minutes=6), well_at=begun + timedelta(minutes=6))
            found = selectors.alarm(begun + timedelta(minutes=6))
            assert "事务" in str(found.words)
            assert f"{slow.info.backend_pid} fund_app" in found.detail
            slow.rollback()
        sealing.run(at=begun + timedelta(minutes=7))
        assert SealingState.objects.get().held_since is None

    def test_they_wait_on_the_worklist_and_show_in_healthz(self, client, sealed, dan):
        assert client.get("/healthz").json()["sealing"] is True
        SealingState.objects.update(reason=Reason.NO_KEY)
        checking.check(kind="completeness", by=None, at=NOON)
        told = client.get("/healthz")
        assert (told.status_code, told.json()["ok"], told.json()["sealing"]) == (200, True, False)
        watched = client.get("/healthz", {"all": "1"})
        assert (watched.status_code, watched.json()["ok"]) == (503, False)
        look = desk.Look(self.now())
        assert [item.label for item in worklists_seals.standing_still(dan, look).items] == ["签名密钥缺失"]
        assert worklists_seals.faults(dan, look).count == 0
        past_triggers("UPDATE office_act SET reason = 'x'")
        checking.check(kind="seals", by=None, at=NOON)
        assert [item.url for item in worklists_seals.faults(dan, look).items] == [
            reverse("audit:trail_check", args=[TrailCheck.objects.get(kind="seals").pk])
        ]
        SealingState.objects.update(reason=Reason.WELL)
        assert worklists_seals.standing_still(dan, look).count == 0


class TestPaper:
    def test_nothing_before_the_first_seal(self, county):
        assert prints.footer(NOON) == ""
        assert prints.stamp(NOON) is None
        assert printing.stamp_of(banks.DAILY_CASH, NOON) is None
        assert printing.stamp_of("elsewhere", NOON) is None

    def test_the_daily_cash_sheet_bears_the_newest_seal_of_its_moment(self, county, appoint):
        counter = Counter.of(appoint)
        counter.opened()
        sealing.run(at=NOON)
        sealing.run(at=NOON + timedelta(days=1))
        first = Seal.objects.get(number=1)
        stamp = prints.stamp(NOON)
        assert first.code in " ".join(stamp.lines)
        assert first.code in prints.footer(NOON)
        assert first.sha256 in selectors.qr_words(first)
        sheet = cash.daily_sheet(counter.book, NOON.date())
        printed = banks.daily_cash(sheet, at=NOON)
        assert printed.startswith(b"%PDF")
        assert first.code in text_of(printed).replace("\n", " ")


def text_of(pdf: bytes) -> str:
    """What stands on a print."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()

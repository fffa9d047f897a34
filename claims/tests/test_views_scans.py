"""The papers beside a claim's figures: leafed through, nearer, turned; pictures that the office made itself."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from claims.models import Claim
from claims.services import intake
from claims.tests import taking_in
from claims.tests.test_page_costs_intake import SCANS
from claims.tests.test_views_intake import typed
from conftest import NOON, sign_in
from office import attachments
from office.models import Act, Attachment, Duty

pytestmark = [pytest.mark.django_db]


def page(colour: str = "white") -> Image.Image:
    """A page twice as high as wide."""
    return Image.new("RGB", (300, 600), colour)


def file_of(kind: str, *pages: Image.Image) -> bytes:
    out = BytesIO()
    first, *rest = pages or (page(),)
    first.save(out, kind, **({"save_all": True, "append_images": rest} if rest else {}))
    return out.getvalue()


@pytest.fixture
def ida(appoint):
    return appoint("ida", Duty.INTAKE_CLERK)


@pytest.fixture
def claim(ida):
    return taking_in.entered(ida)


def keep(claim, ida, name: str, content: bytes) -> Attachment:
    return attachments.keep(subject=claim, upload=SimpleUploadedFile(name, content), by=ida, at=NOON)


@pytest.fixture
def papers(claim, ida) -> list[Attachment]:
    """A photo, a PDF of two pages, a scan of two, a list that is no picture."""
    return [
        keep(claim, ida, "发票.jpg", file_of("JPEG")),
        keep(claim, ida, "出院小结.pdf", file_of("PDF", page(), page("red"))),
        keep(claim, ida, "清单.tiff", file_of("TIFF", page(), page("blue"))),
        keep(claim, ida, "名单.csv", "姓名\n马小兰\n".encode()),
    ]


def size_of(client: Client, where: str) -> tuple[int, int]:
    answer = client.get(where)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    with Image.open(BytesIO(answer.content)) as drawn:
        return drawn.size


def test_every_kind_of_page_is_drawn_turned_and_nearer(papers, ida):
    client = sign_in(Client(), ida)
    photo, pdf, tiff, _list = papers
    assert size_of(client, f"/attachments/{photo.pk}/pages/1/") == (300, 600)  # never larger than it is
    assert size_of(client, f"/attachments/{pdf.pk}/pages/2/") == (900, 1800)
    assert size_of(client, f"/attachments/{pdf.pk}/pages/1/?near=2") == (1800, 3600)
    assert size_of(client, f"/attachments/{tiff.pk}/pages/2/?turn=90") == (600, 300)
    read = Act.objects.filter(kind=Act.Kind.READ, name="attachment.read", by=ida)
    assert read.count() == 4


@pytest.mark.parametrize(
    "asked", ["{0}/pages/2/", "{1}/pages/3/", "{0}/pages/0/", "{0}/pages/1/?near=9", "{3}/pages/1/"]
)
def test_what_is_not_there(papers, ida, asked):
    where = asked.format(*(one.pk for one in papers))
    assert sign_in(Client(), ida).get(f"/attachments/{where}").status_code == 404


def test_nobody_elses(papers, appoint):
    stranger = sign_in(Client(), appoint("town", Duty.CASHIER))
    assert stranger.get(f"/attachments/{papers[0].pk}/pages/1/").status_code == 403


def test_leafing_without_scripts(papers, claim, ida):
    client = sign_in(Client(), ida)
    photo, pdf, tiff, _list = papers
    first = client.get(f"/claims/{claim.pk}/")
    assert f'src="/attachments/{photo.pk}/pages/1/' in first.content.decode()
    walked = []
    query = ""
    for _step in range(5):
        scans = client.get(f"/claims/{claim.pk}/?{query}").context["scans"]
        walked.append((scans.now.paper, scans.now.page))
        query = scans.following.query if scans.following else ""
    assert walked == [(photo.pk, 1), (pdf.pk, 1), (pdf.pk, 2), (tiff.pk, 1), (tiff.pk, 2)]
    assert query == ""
    last = client.get(f"/claims/{claim.pk}/?paper={tiff.pk}&page=1&near=3&turn=270").context["scans"]
    assert (last.preceding.paper, last.nearer, last.farther.near, last.turned.turn) == (pdf.pk, None, 2, 0)


def test_an_address_that_asks_for_nonsense_shows_the_first(papers, claim, ida):
    shown = sign_in(Client(), ida).get(f"/claims/{claim.pk}/?paper=x&page=99&near=99&turn=17").context["scans"].now
    assert (shown.paper, shown.page, shown.near, shown.turn) == (papers[0].pk, 1, 3, 0)


def test_only_the_papers_change_on_the_page(papers, claim, ida):
    client = sign_in(Client(), ida)
    where = f"/claims/{claim.pk}/scans/?paper={papers[1].pk}&page=2"
    assert client.get(where).url.startswith(f"/claims/{claim.pk}/?paper=")
    client.get(where, HTTP_HX_REQUEST="true")
    with CaptureQueriesContext(connection) as seen:
        part = client.get(where, HTTP_HX_REQUEST="true").content.decode()
    assert len(seen) == SCANS
    assert "<html" not in part
    assert "第 2/2 页" in part


def test_beside_the_form_of_a_decision(papers, claim, ida, appoint):
    intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
    fay = sign_in(Client(), appoint("fay", Duty.FIRST_CHECKER))
    for choice in ("cut", "return"):
        assert 'id="scans"' in fay.get(f"/claims/{claim.pk}/check/{choice}/").content.decode()


def test_taken_in_with_the_claim_and_until_it_is_decided(ida):
    client = sign_in(Client(), ida)
    bad = SimpleUploadedFile("a.exe", b"MZ")
    assert client.post("/claims/new/", {**typed(), "scans": [bad]}).status_code == 422
    assert not Claim.objects.exists()
    both = [SimpleUploadedFile(f"{name}.jpg", file_of("JPEG")) for name in ("一", "二")]
    client.post("/claims/new/", {**typed(), "scans": both})
    claim = Claim.objects.get()
    assert [one.name for one in attachments.of(claim).order_by("pk")] == ["一.jpg", "二.jpg"]
    intake.void_claim(claim=claim, reason="重复", by=ida, at=NOON)
    late = SimpleUploadedFile("三.jpg", file_of("JPEG"))
    assert client.post(f"/claims/{claim.pk}/files/", {"file": late}).status_code == 422


def test_a_damaged_file_says_so(claim, ida):
    damaged = keep(claim, ida, "坏.pdf", b"%PDF-1.4\nnothing\n%%EOF\n")
    client = sign_in(Client(), ida)
    assert "打开原始文件" in client.get(f"/claims/{claim.pk}/").content.decode()
    assert client.get(f"/attachments/{damaged.pk}/pages/1/").status_code == 404


def test_no_paper_yet(claim, ida):
    assert "还没有扫描件" in sign_in(Client(), ida).get(f"/claims/{claim.pk}/").content.decode()

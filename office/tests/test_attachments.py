"""Files: kept by content, read by those who may."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import NOON
from office import attachments
from office.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(county, ada):
    upload = SimpleUploadedFile("../../名单.csv", "姓名\n马小明\n".encode("gb18030"), content_type="image/png")
    return attachments.keep(subject=county, upload=upload, by=ada, at=NOON)


class TestKeep:
    def test_the_bytes_lie_under_their_hash_closed_to_others(self, kept):
        assert kept.path.read_bytes() == "姓名\n马小明\n".encode("gb18030")
        assert kept.path.name == kept.sha256
        assert kept.path.stat().st_mode & 0o777 == 0o600

    def test_the_name_has_no_path_and_the_kind_is_by_content(self, kept):
        assert kept.name == "名单.csv"
        assert kept.media_type.startswith("text/")

    def test_equal_files_lie_once(self, kept, county, ada):
        again = attachments.keep_made(
            subject=county,
            name="b.csv",
            content=kept.path.read_bytes(),
            media_type="text/csv",
            by=ada,
            at=NOON,
        )
        assert again.path == kept.path

    def test_a_file_that_is_not_what_it_says_is_refused_in_words(self, county, ada):
        with pytest.raises(attachments.CannotAttach):
            attachments.keep(subject=county, upload=SimpleUploadedFile("a.png", b"%PDF-1.4"), by=ada, at=NOON)
        assert not Attachment.objects.exists()


class TestRead:
    def test_nobody_may_read_what_nobody_registered(self, kept, ada):
        assert not attachments.may_read(kept, ada)

    def test_who_may_is_asked_of_the_subject(self, kept, ada, ben, monkeypatch):
        monkeypatch.setattr(attachments, "_readers", {})
        attachments.register("office.body", lambda person, pk: person == ada and pk == str(kept.subject_id))
        assert attachments.may_read(kept, ada)
        assert not attachments.may_read(kept, ben)

    def test_it_comes_as_a_powerless_download(self, kept, as_ada, monkeypatch):
        monkeypatch.setattr(attachments, "_readers", {"office.body": lambda person, pk: True})
        answer = as_ada.get(f"/attachments/{kept.pk}/")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        answer.close()

    def test_others_are_refused(self, kept, as_ada):
        assert as_ada.get(f"/attachments/{kept.pk}/").status_code == 403

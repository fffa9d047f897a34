"""Photos and scans kept with households and members: which are taken, who reads them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from enrollment.services import files
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, PNG, by, family, station
from office import attachments
from office.models import Attachment, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("户口簿.png", PNG)


def test_kept_with_a_household_and_a_member_and_read_by_whoever_sees_them(ada, appoint):
    home, head, _wife, _son = family()
    here = appoint("lan", Duty.TOWNSHIP_CLERK, body=station())
    elsewhere = appoint("eve", Duty.TOWNSHIP_CLERK, body=factories.Body.objects.create(code="x", name="x", kind="bank"))
    for subject in (home, head):
        kept = files.keep_file(subject=subject, upload=photo(), **by(here))
        assert list(attachments.of(subject)) == [kept]
        assert [attachments.may_read(kept, person) for person in (ada, here, elsewhere)] == [True, True, False]


def test_only_photos_and_scans(ada):
    home = family()[0]
    with pytest.raises(CannotKeep, match="JPEG, PNG, TIFF or PDF"):
        files.keep_file(subject=home, upload=SimpleUploadedFile("a.txt", b"text\n"), **by(ada))
    with pytest.raises(CannotKeep, match="empty"):
        files.keep_file(subject=home, upload=SimpleUploadedFile("a.png", b""), **by(ada))
    assert not Attachment.objects.exists()


def test_a_clerk_in_his_township_alone(appoint):
    clerk = appoint("lan", Duty.TOWNSHIP_CLERK, body=station())
    home, head, _wife, _son = family("2", factories.division(FAR_VILLAGE))
    for subject in (home, head):
        with pytest.raises(CannotKeep, match="your office"):
            files.keep_file(subject=subject, upload=photo(), **by(clerk))

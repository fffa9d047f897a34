"""Many acts are written by COPY: the same rows as one INSERT writes."""

from __future__ import annotations

import pytest

from conftest import NOON
from office import copying, trail
from office.models import Act

pytestmark = pytest.mark.django_db


def written(many: int, by) -> list[Act]:
    with trail.together():
        for number in range(many):
            trail.record("body.added", by, by=by, at=NOON, reason=f"之{number}\t\\N", number=number, words='"，{}')
    return list(Act.objects.filter(name="body.added").order_by("pk"))


@pytest.mark.parametrize("many", [trail.MANY - 1, trail.MANY, 3 * trail.MANY])
def test_acts_are_the_same_whichever_way_they_are_written(ada, many):
    acts = written(many, ada)
    assert [one.facts["number"] for one in acts] == list(range(many))
    assert acts[-1].reason == f"之{many - 1}\t\\N"
    assert acts[-1].facts == {"number": many - 1, "words": '"，{}', "given": NOON.isoformat()}
    assert {(one.by_id, one.subject_id, one.address, one.transaction) for one in acts} == {
        (ada.pk, str(ada.pk), None, acts[0].transaction)
    }
    assert acts[0].at <= acts[-1].at


def test_a_bad_row_among_many_leaves_none(ada, transactional_db):
    bad = [Act(name="body.added", by=ada, facts={}) for _one in range(3)] + [Act(name="", by=ada, facts={})]
    with pytest.raises(Exception, match="act_has_a_name"):
        copying.copy_in(bad)
    assert not Act.objects.exists()

"""The register's own tables in which people decide together; each service registers what is decided in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from enrollment.models import EnrollmentRound, EnrollmentSeat, EnrollmentVote
from office.deciding import Family

TO_DECIDE = gettext_lazy("To decide in the register")
ENROLLMENT = Family("enrollment", EnrollmentRound, EnrollmentSeat, EnrollmentVote, gettext_lazy("Register"))

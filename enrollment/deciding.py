"""The register's own tables in which people decide together; each service registers what is decided in them."""

from __future__ import annotations

from enrollment.models import EnrollmentRound, EnrollmentSeat, EnrollmentVote
from office.deciding import Family

ENROLLMENT = Family("enrollment", EnrollmentRound, EnrollmentSeat, EnrollmentVote)

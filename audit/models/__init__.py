"""Tables of the audit: seals, screenings and leads, engagements with their samples and findings."""

from audit.models.engagements import Engagement, EngagementMember
from audit.models.samples import Population, PopulationRow, Sample, SampleItem

__all__ = [
    "Engagement",
    "EngagementMember",
    "Population",
    "PopulationRow",
    "Sample",
    "SampleItem",
]

"""Tables of the audit: seals, screenings and leads, engagements with their samples and findings."""

from audit.models.engagements import Engagement, EngagementMember

__all__ = [
    "Engagement",
    "EngagementMember",
]

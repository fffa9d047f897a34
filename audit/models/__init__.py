"""Tables of the audit: seals, screenings and leads, engagements with their samples and findings."""

from audit.models.engagements import Engagement, EngagementMember
from audit.models.findings import Citation, Finding, FindingAnswer, FindingSheet
from audit.models.papers import EvidenceSheet, WorkPaper
from audit.models.recovering import BookedMoney, Demand
from audit.models.rectifying import Evidence, Rectification, RectificationCheck, RectificationReminder
from audit.models.reports import AuditReport
from audit.models.samples import Population, PopulationRow, Sample, SampleItem

__all__ = [
    "AuditReport",
    "BookedMoney",
    "Citation",
    "Demand",
    "Engagement",
    "EngagementMember",
    "Evidence",
    "EvidenceSheet",
    "Finding",
    "FindingAnswer",
    "FindingSheet",
    "Population",
    "PopulationRow",
    "Rectification",
    "RectificationCheck",
    "RectificationReminder",
    "Sample",
    "SampleItem",
    "WorkPaper",
]

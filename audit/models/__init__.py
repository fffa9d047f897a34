"""Tables of the audit: seals, screenings and leads, engagements with their samples and findings."""

from audit.models.complaints import Complaint, ComplaintFile, ComplaintNote
from audit.models.engagements import Engagement, EngagementMember, ReplacedLead, TakenOff
from audit.models.findings import Citation, Finding, FindingAnswer, FindingSheet
from audit.models.leads import Lead, LeadClaim, LeadHold, LeadNote
from audit.models.papers import EvidenceSheet, WorkPaper
from audit.models.recovering import BookedMoney, Demand
from audit.models.rectifying import Evidence, Rectification, RectificationCheck, RectificationReminder
from audit.models.report_texts import ReportText
from audit.models.reports import AuditReport
from audit.models.samples import Population, PopulationRow, Sample, SampleItem
from audit.models.screenings import Screening, ScreenResult, ScreenSetting
from audit.models.seals import Seal, SealBatch, SealForm, SealingState, SealKey, SealProgress
from audit.models.trail_checks import TrailCheck
from audit.models.waiving import Waiver

__all__ = [
    "AuditReport",
    "BookedMoney",
    "Citation",
    "Complaint",
    "ComplaintFile",
    "ComplaintNote",
    "Demand",
    "Engagement",
    "EngagementMember",
    "Evidence",
    "EvidenceSheet",
    "Finding",
    "FindingAnswer",
    "FindingSheet",
    "Lead",
    "LeadClaim",
    "LeadHold",
    "LeadNote",
    "Population",
    "PopulationRow",
    "Rectification",
    "RectificationCheck",
    "RectificationReminder",
    "ReplacedLead",
    "ReportText",
    "Sample",
    "SampleItem",
    "ScreenResult",
    "ScreenSetting",
    "Screening",
    "Seal",
    "SealBatch",
    "SealForm",
    "SealKey",
    "SealProgress",
    "SealingState",
    "TakenOff",
    "TrailCheck",
    "Waiver",
    "WorkPaper",
]

"""Tables of the audit: seals, screenings and leads, engagements with their samples and findings."""

from audit.models.report_texts import ReportText

__all__ = ["ReportText"]

"""Tables of the audit: seals, screenings and leads, engagements with their samples and findings."""

from audit.models.seals import Seal, SealBatch, SealForm, SealingState, SealKey, SealProgress
from audit.models.trail_checks import TrailCheck

__all__ = ["Seal", "SealBatch", "SealForm", "SealKey", "SealProgress", "SealingState", "TrailCheck"]

"""What the audit's tables hold, one module per subject."""

from audit.models.complaints import Complaint, ComplaintNote
from audit.models.leads import Lead, LeadClaim, LeadHold, LeadNote
from audit.models.screenings import Screening, ScreenResult, ScreenSetting

__all__ = [
    "Complaint",
    "ComplaintNote",
    "Lead",
    "LeadClaim",
    "LeadHold",
    "LeadNote",
    "ScreenResult",
    "ScreenSetting",
    "Screening",
]

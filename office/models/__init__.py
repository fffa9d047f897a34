"""What the office's tables hold, one module per subject."""

from office.models.acts import Act
from office.models.appointments import Appointment
from office.models.attachments import Attachment
from office.models.calendar import WorkingDay
from office.models.forms import FormUse
from office.models.jobs import Job
from office.models.people import Body, Duty, DutyExclusion, Person
from office.models.printers import Printer, PrinterOffset
from office.models.requests import Delegation, DutyRequest, ResetRequest
from office.models.rounds import OfficeRound, OfficeSeat, OfficeVote, StateMove
from office.models.sign_ins import Factor, OneTimeCode, SignIn, SignInTry
from office.models.work import Lease

__all__ = [
    "Act",
    "Appointment",
    "Attachment",
    "Body",
    "Delegation",
    "Duty",
    "DutyExclusion",
    "DutyRequest",
    "Factor",
    "FormUse",
    "Job",
    "Lease",
    "OfficeRound",
    "OfficeSeat",
    "OfficeVote",
    "OneTimeCode",
    "Person",
    "Printer",
    "PrinterOffset",
    "ResetRequest",
    "SignIn",
    "SignInTry",
    "StateMove",
    "WorkingDay",
]

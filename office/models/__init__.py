"""What the office's tables hold, one module per subject."""

from office.models.acts import Act
from office.models.attachments import Attachment
from office.models.calendar import WorkingDay
from office.models.forms import FormUse
from office.models.jobs import Job
from office.models.people import Appointment, Body, Duty, DutyExclusion, Person
from office.models.printers import Printer, PrinterOffset
from office.models.sign_ins import Factor, OneTimeCode, SignIn, SignInTry

__all__ = [
    "Act",
    "Appointment",
    "Attachment",
    "Body",
    "Duty",
    "DutyExclusion",
    "Factor",
    "FormUse",
    "Job",
    "OneTimeCode",
    "Person",
    "Printer",
    "PrinterOffset",
    "SignIn",
    "SignInTry",
    "WorkingDay",
]

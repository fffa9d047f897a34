"""The page on which a household's account is entered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms.payee_accounts import PayeeAccountForm
from enrollment.models import PayeeAccount
from enrollment.selectors import payees
from enrollment.services import payee_accounts
from enrollment.views import keeping
from office import deciding
from office.access import Request


@permission_required(payee_accounts.RIGHT, raise_exception=True)
def propose_payee_account(request: Request, pk: int) -> HttpResponse:
    """The household wants to be paid to an account; somebody else confirms it."""
    found = keeping.household_of(request, pk, payee_accounts.RIGHT)
    title = _("Payee account of household %(number)s") % {"number": found.number}
    page = keeping.page_of(request, found, title=title, submit=_("Propose"), template="enrollment/payee_account.html")
    members = keeping.living_in(found)
    form = PayeeAccountForm(page.data, initial={"holder": members[0].name if members else ""})

    def propose() -> PayeeAccount:
        return payee_accounts.propose(household=found, by=request.user, at=timezone.now(), **form.cleaned_data)

    asked = keeping.sent(page, form, "payee-account.proposed", propose)
    if asked is not None:
        messages.success(request, _("Somebody else confirms it; payments to the household wait for that."))
        return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
    return page.render(form, members=members, in_force=payees.payee_of(found))

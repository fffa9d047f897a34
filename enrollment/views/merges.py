"""The page on which somebody says that a record is a double of another."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms.merges import MergeForm
from enrollment.models import Member, MemberMerge
from enrollment.selectors.merges import belongings, lookalikes
from enrollment.services import merges
from enrollment.views import keeping
from office import deciding
from office.access import Request

MOST_DIGITS = 19  # fewer than these has every number of a record


@permission_required(merges.RIGHT, raise_exception=True)
def propose_merge(request: Request, pk: int) -> HttpResponse:
    """This record is a double; `?kept=` may say of which."""
    found = keeping.member_of(request, pk, merges.RIGHT)
    title = _("%(name)s is a double") % {"name": found.name}
    page = keeping.page_of(request, found, title=title, submit=_("Propose"), template="enrollment/merge.html")
    alike = _alike(request, found)
    initial = {"kept": request.GET.get("kept") or (alike[0].pk if len(alike) == 1 else None)}
    form = MergeForm(page.data, person=request.user, alike=alike, initial=initial)

    def propose() -> MemberMerge:
        typed = form.cleaned_data
        return merges.propose_merge(
            double=found, kept=typed["kept"], reason=typed["reason"], by=request.user, at=timezone.now()
        )

    asked = keeping.sent(page, form, "member.merge-proposed", propose)
    if asked is not None:
        messages.success(request, _("Somebody else decides about it."))
        return redirect(deciding.page_of(deciding.rounds_of(asked).latest("pk")))
    return page.render(form, double=found, belongings=belongings(found))


def _alike(request: Request, found: Member) -> list[Member]:
    """Who looks like this member, and the one that the address names."""
    alike = list(lookalikes(found, request.user))
    named = request.GET.get("kept", "")
    if named.isdecimal() and len(named) < MOST_DIGITS and int(named) not in {one.pk for one in alike}:
        seen = Member.objects.visible_to(request.user, merges.RIGHT)
        alike += seen.filter(pk=named).exclude(pk=found.pk)
    return alike

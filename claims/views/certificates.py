"""Certificates of chronic diseases: applications taken in and checked, cards, yearly reviews."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from claims.filters.before import ApplicationFilter, CertificateFilter
from claims.forms.before import ApplicationForm, CheckForm, ReviewForm
from claims.models import CertificateApplication, ChronicCertificate
from claims.prints import before as prints
from claims.prints.days import shown_days
from claims.services import certificates
from claims.tables.before import ApplicationTable, CertificateTable, certificate_standing
from claims.views import before
from enrollment.services.keeping import CannotKeep
from office import trail
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table

VIEW = "claims.view_certificateapplication"
VIEW_CARD = "claims.view_chroniccertificate"
TONES = {"applied": "waiting", "checked": "waiting", "certified": "done", "refused": "failed"}


class ApplicationList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Applications for certificates")
    queryset = CertificateApplication.objects.select_related(
        "member__household__village", "disease", "checked_by"
    ).order_by("-pk")
    table_class = ApplicationTable
    filterset_class = ApplicationFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(certificates.RIGHT):
            return []
        return [{"label": _("Take an application in"), "url": reverse("claims:application_new"), "key": "Alt+N"}]


class CertificateList(ListPage):
    permission_required = VIEW_CARD
    page_title = gettext_lazy("Chronic-disease certificates")
    queryset = ChronicCertificate.objects.select_related("member__household__village", "disease", "scheme").order_by(
        "-pk"
    )
    table_class = CertificateTable
    filterset_class = CertificateFilter

    def default_filter(self) -> dict[str, str]:
        return {"standing": "yes"}


@permission_required(certificates.RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Take an application in, with its evidence."""
    back = reverse("claims:applications")
    page = FormPage(
        request,
        title=_("Take in an application for a certificate"),
        submit=_("Take the application in"),
        cancel_url=back,
    )
    form = ApplicationForm(page.data, page.files, person=request.user, member=before.of_member(request))

    def save() -> CertificateApplication:
        typed = dict(form.cleaned_data)
        evidence = typed.pop("evidence")
        return certificates.apply(
            form=certificates.Form(**typed), evidence=evidence, by=request.user, at=timezone.now()
        )

    asked = before.saved(page, form, "certificate.applied", save)
    if asked is None:
        return page.render(form)
    messages.success(request, _("%(number)s waits to be checked by somebody else.") % {"number": asked})
    return redirect("claims:application", asked.pk)


@permission_required(VIEW, raise_exception=True)
def application(request: Request, pk: int) -> HttpResponse:
    """One application: its evidence, its check, what panels found."""
    found = _application(request, pk)
    facts: list[tuple[str, object]] = [
        *before.about(found.member),
        (_("scheme"), found.scheme),
        (_("disease"), found.disease),
        (_("diagnosed by"), f"{found.hospital} · {found.diagnosed_on.isoformat()}"),
        (_("phone"), found.phone or "—"),
        (_("note"), found.note or "—"),
        (_("applied on"), found.applied_on.isoformat()),
        (_("entered by"), f"{found.entered_by} · {found.body}"),
    ]
    if found.checked_on:
        facts.append(
            (
                pgettext("application", "checked by"),
                f"{found.checked_by} · {found.checked_on.isoformat()} · {found.check_words}",
            )
        )
    findings = found.findings.select_related("panel", "disease", "certificate")
    rows = [
        (one.panel, one.panel.get_state_display(), one.get_outcome_display(), one.disease, _valid(one), one.words)
        for one in findings
    ]
    header = [_("panel"), _("state"), _("finding"), _("disease"), _("valid"), _("in words")]
    page = Page(
        subject=found,
        title=_("Application %(number)s") % {"number": found},
        back=(_("Applications for certificates"), reverse("claims:applications")),
        state=(TONES.get(found.state, ""), found.get_state_display()),
        facts=facts,
        tables=[Table(_("What panels found"), header, rows)] if rows else [],
        actions=_ways(request, found, [one for one in findings if hasattr(one, "certificate")]),
        files=True,
    )
    return records.shown(request, page)


@permission_required(certificates.CHECK, raise_exception=True)
def check(request: Request, pk: int) -> HttpResponse:
    """Somebody else than who entered it checks it."""
    found = _application(request, pk)
    back = reverse("claims:application", args=[pk])
    page = FormPage(
        request, title=_("Check %(number)s") % {"number": found}, submit=_("Check the application"), cancel_url=back
    )
    form = CheckForm(page.data)

    def save() -> bool:
        typed = form.cleaned_data
        certificates.check(
            application=found,
            agrees=typed["agrees"] == "yes",
            words=typed["words"],
            by=request.user,
            at=timezone.now(),
        )
        return True

    if before.sent(page, form, "certificate.checked", save):
        return redirect(back)
    return page.render(form)


@require_POST
@permission_required(certificates.RIGHT, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Whoever entered it takes it back."""
    found = _application(request, pk)
    try:
        certificates.withdraw(application=found, by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        messages.error(request, str(refusal))
        trail.refused("certificate.withdrawn", found, by=request.user, at=timezone.now(), reason=str(refusal))
    else:
        messages.success(request, _("It is taken back."))
    return redirect("claims:application", pk)


@permission_required(VIEW_CARD, raise_exception=True)
def certificate(request: Request, pk: int) -> HttpResponse:
    """One certificate with its reviews."""
    found = _certificate(request, pk)
    facts: list[tuple[str, object]] = [
        *before.about(found.member),
        (_("scheme"), found.scheme),
        (_("disease"), found.disease),
        (_("group of diseases"), found.group or "—"),
        (_("valid"), shown_days(found.period)),
        (_("to be reviewed until"), found.review_by.isoformat()),
        (_("application"), found.finding.application),
        (_("panel"), found.finding.panel),
    ]
    if found.ended_because:
        facts.append((_("ended because"), found.ended_because))
    reviews = found.reviews.select_related("by")
    rows = [(one.on.isoformat(), _("yes") if one.goes_on else _("no"), one.words, one.by) for one in reviews]
    actions = [Action(_("Print the card"), reverse("claims:certificate_print", args=[pk]), "Alt+P")]
    if not found.ended_because and request.user.has_perm(certificates.REVIEW):
        actions.insert(
            0, Action(_("Yearly review"), reverse("claims:certificate_review", args=[pk]), "Alt+R", first=True)
        )
    page = Page(
        subject=found,
        title=_("Certificate %(number)s") % {"number": found},
        back=(_("Chronic-disease certificates"), reverse("claims:certificates")),
        state=certificate_standing(found),
        facts=facts,
        tables=[
            Table(
                _("Reviews"),
                [_("day"), _("goes on"), _("what the review found"), _("reviewed by")],
                rows,
                _("Nobody has reviewed it yet."),
            )
        ],
        actions=actions,
        links={_("application"): reverse("claims:application", args=[found.finding.application_id])},
    )
    return records.shown(request, page)


@permission_required(certificates.REVIEW, raise_exception=True)
def review(request: Request, pk: int) -> HttpResponse:
    """The yearly review."""
    found = _certificate(request, pk)
    back = reverse("claims:certificate", args=[pk])
    page = FormPage(
        request, title=_("Review of %(number)s") % {"number": found}, submit=_("Note the review"), cancel_url=back
    )
    form = ReviewForm(page.data)
    noted = before.sent(
        page,
        form,
        "certificate.reviewed",
        lambda: certificates.review(
            certificate=found,
            goes_on=form.cleaned_data["goes_on"] == "yes",
            words=form.cleaned_data["words"],
            by=request.user,
            at=timezone.now(),
        ),
    )
    return page.render(form) if noted is None else redirect(back)


@permission_required(VIEW_CARD, raise_exception=True)
def print_card(request: Request, pk: int) -> HttpResponse:
    """The card."""
    found = _certificate(request, pk)
    back = reverse("claims:certificate", args=[pk])
    return paper(request, lambda: prints.card(found, at=timezone.now()), name=f"card-{found.number}.pdf", back=back)


def _ways(request: Request, found: CertificateApplication, certified: list[Any]) -> list[Action]:
    ways = []
    if found.state == CertificateApplication.State.APPLIED:
        if request.user.pk != found.entered_by_id and request.user.has_perm(certificates.CHECK):
            url = reverse("claims:application_check", args=[found.pk])
            ways.append(Action(_("Check the application"), url, "Alt+C", first=True))
        if request.user.pk == found.entered_by_id and request.user.has_perm(certificates.RIGHT):
            ways.append(Action(_("Take it back"), reverse("claims:application_withdraw", args=[found.pk]), posts=True))
    if request.user.has_perm(VIEW_CARD):
        ways += [
            Action(_("Certificate"), reverse("claims:certificate", args=[one.certificate.pk]), "Alt+D")
            for one in certified
        ]
    return ways


def _valid(finding: Any) -> str:
    return shown_days(finding.valid) if finding.valid else "—"


def _application(request: Request, pk: int) -> CertificateApplication:
    seen = CertificateApplication.objects.visible_to(request.user).select_related(
        "member__household__village", "disease", "scheme", "body", "entered_by", "checked_by"
    )
    return get_object_or_404(seen, pk=pk)


def _certificate(request: Request, pk: int) -> ChronicCertificate:
    seen = ChronicCertificate.objects.visible_to(request.user).select_related(
        "member__household__village", "disease", "scheme", "finding__application", "finding__panel"
    )
    return get_object_or_404(seen, pk=pk)

"""The addresses of screenings, leads and complaints."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from audit.views import complaints, leads, screens

screen_urls = [
    path("", screens.screens, name="screens"),
    path("<slug:code>/set/", screens.set_screen, name="screen_set"),
]
screening_urls = [
    path("", screens.ScreeningList.as_view(), name="screenings"),
    path("new/", screens.ask, name="screening_new"),
    path("<int:pk>/", screens.one_screening, name="screening"),
]
lead_urls = [
    path("", leads.LeadList.as_view(), name="leads"),
    path("ranking/", leads.ranking, name="ranking"),
    path("by/<slug:kind>/", leads.leads_by, name="leads_by"),
    path("<int:pk>/", leads.lead, name="lead"),
    path("<int:pk>/decide/", leads.decide, name="lead_decide"),
    path("<int:pk>/note/", leads.note, name="lead_note"),
    path("<int:pk>/hold/", leads.hold, name="lead_hold"),
    path("<int:pk>/let-go/", leads.let_go, name="lead_let_go"),
    path("<int:pk>/reopen/", leads.reopen, name="lead_reopen"),
]
complaint_urls = [
    path("", complaints.ComplaintList.as_view(), name="complaints"),
    path("new/", complaints.take_down, name="complaint_new"),
    path("<int:pk>/", complaints.complaint, name="complaint"),
    path("<int:pk>/assign/", complaints.assign, name="complaint_assign"),
    path("<int:pk>/note/", complaints.note, name="complaint_note"),
    path("<int:pk>/answer/", complaints.answer, name="complaint_answer"),
    path("<int:pk>/lead/", complaints.point_at, name="complaint_lead"),
    path("<int:pk>/informant/", complaints.informant, name="complaint_informant"),
]
urls_of_leads: list[URLPattern | URLResolver] = [
    path("screens/", include(screen_urls)),
    path("screenings/", include(screening_urls)),
    path("leads/", include(lead_urls)),
    path("complaints/", include(complaint_urls)),
]

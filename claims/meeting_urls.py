"""The addresses of the committee: its meetings, its members, its decision notices."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from claims.views import committee, meetings, notices, sitting

meeting_urls = [
    path("", meetings.MeetingList.as_view(), name="meetings"),
    path("new/", meetings.call, name="meeting_call"),
    path("<int:pk>/", meetings.meeting, name="meeting"),
    path("<int:pk>/agenda/", meetings.agenda, name="meeting_agenda"),
    path("<int:pk>/open/", meetings.open_meeting, name="meeting_open"),
    path("<int:pk>/attendance/", meetings.attendance, name="meeting_attendance"),
    path("<int:pk>/cancel/", meetings.cancel, name="meeting_cancel"),
    path("<int:pk>/sheet/", sitting.sheet, name="meeting_sheet"),
    path("<int:pk>/decide/", sitting.decide, name="meeting_decide"),
    path("<int:pk>/minutes/", sitting.freeze, name="meeting_freeze"),
    path("<int:pk>/print/<slug:what>/", sitting.print_page, name="meeting_print"),
    path("items/<int:pk>/off/", meetings.take_off, name="agenda_take_off"),
    path("items/<int:pk>/withdraw/", meetings.recuse, name="agenda_recuse"),
]
notice_urls = [
    path("", notices.NoticeList.as_view(), name="notices"),
    path("of/<int:pk>/", notices.issue, name="notice_issue"),
    path("<int:pk>/serve/", notices.serve, name="notice_serve"),
    path("<int:pk>/print/", notices.print_page, name="notice_print"),
]
committee_urls: list[URLPattern | URLResolver] = [
    path("committee/", committee.committee, name="committee"),
    path("committee/rules/new/", committee.new_rule, name="committee_rule_new"),
    path("meetings/", include(meeting_urls)),
    path("notices/", include(notice_urls)),
]

"""The addresses of what comes before a claim."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from claims.views import admissions, certificates, injuries, lateness, outside_stays, panels, referrals, time_limits

referral_urls = [
    path("", referrals.ReferralList.as_view(), name="referrals"),
    path("new/", referrals.ask, name="referral_ask"),
    path("<int:pk>/", referrals.referral, name="referral"),
    path("<int:pk>/print/", referrals.print_page, name="referral_print"),
]
outside_urls = [
    path("", outside_stays.OutsideStayList.as_view(), name="outside_stays"),
    path("new/", outside_stays.note, name="outside_stay_note"),
    path("<int:pk>/", outside_stays.outside_stay, name="outside_stay"),
    path("<int:pk>/void/", outside_stays.void, name="outside_stay_void"),
]
certificate_urls = [
    path("", certificates.CertificateList.as_view(), name="certificates"),
    path("<int:pk>/", certificates.certificate, name="certificate"),
    path("<int:pk>/review/", certificates.review, name="certificate_review"),
    path("<int:pk>/print/", certificates.print_card, name="certificate_print"),
    path("applications/", certificates.ApplicationList.as_view(), name="applications"),
    path("applications/new/", certificates.new, name="application_new"),
    path("applications/<int:pk>/", certificates.application, name="application"),
    path("applications/<int:pk>/check/", certificates.check, name="application_check"),
    path("applications/<int:pk>/withdraw/", certificates.withdraw, name="application_withdraw"),
    path("panels/", panels.PanelList.as_view(), name="panels"),
    path("panels/new/", panels.hold, name="panel_hold"),
    path("panels/<int:pk>/", panels.panel, name="panel"),
    path("panels/<int:pk>/of/<int:application>/", panels.find, name="panel_find"),
    path("panels/<int:pk>/propose/", panels.propose, name="panel_propose"),
    path("panels/<int:pk>/withdraw/", panels.withdraw, name="panel_withdraw"),
    path("panels/<int:pk>/print/", panels.print_page, name="panel_print"),
]
injury_urls = [
    path("", injuries.InjuryList.as_view(), name="injuries"),
    path("new/", injuries.open_inquiry, name="injury_open"),
    path("<int:pk>/", injuries.injury, name="injury"),
    path("<int:pk>/visit/", injuries.visit, name="injury_visit"),
    path("<int:pk>/conclude/", injuries.conclude, name="injury_conclude"),
    path("<int:pk>/print/", injuries.print_page, name="injury_print"),
]
admission_urls = [
    path("", admissions.AdmissionList.as_view(), name="admissions"),
    path("new/", admissions.admit, name="admit"),
    path("print/", admissions.print_list, name="in_hospital_print"),
    path("<int:pk>/", admissions.admission, name="admission"),
    path("<int:pk>/bed/", admissions.move_bed, name="bed_move"),
    path("<int:pk>/discharge/", admissions.discharge, name="discharge"),
    path("<int:pk>/void/", admissions.void, name="admission_void"),
    path("<int:pk>/check/", admissions.check_bed, name="bed_check"),
]
before_urls: list[URLPattern | URLResolver] = [
    path("referrals/", include(referral_urls)),
    path("outside/", include(outside_urls)),
    path("certificates/", include(certificate_urls)),
    path("injuries/", include(injury_urls)),
    path("admissions/", include(admission_urls)),
    path("late/", lateness.LateAllowanceList.as_view(), name="late_allowances"),
    path("late/new/", lateness.allow, name="late_allow"),
    path("time-limits/", time_limits.TimeLimitList.as_view(), name="time_limits"),
    path("time-limits/new/", time_limits.new, name="time_limit_new"),
]

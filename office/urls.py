"""The office's addresses."""

from django.urls import include, path

from office.views import (
    acts,
    attachments,
    bodies,
    calendar,
    entry,
    health,
    jobs,
    me,
    overview,
    people,
    printers,
    requests,
    rounds,
    signing_in,
    work,
)

app_name = "office"

job_urls = [
    path("", jobs.JobList.as_view(), name="jobs"),
    path("<int:pk>/", jobs.job, name="job"),
    path("<int:pk>/noted/", jobs.noted, name="job_noted"),
    path("<int:pk>/restart/", jobs.restart, name="job_restart"),
    path("<int:pk>/report/", jobs.report, name="job_report"),
]
calendar_urls = [
    path("", calendar.WorkingDayList.as_view(), name="working_days"),
    path("<int:pk>/change/", calendar.change_day, name="change_day"),
    path("add-year/", calendar.add_year, name="add_year"),
    path("notice/", calendar.notice, name="notice"),
    path("print/<int:year>/", calendar.print_year, name="working_days_print"),
]
printer_urls = [
    path("", printers.PrinterList.as_view(), name="printers"),
    path("add/", printers.add_printer, name="add_printer"),
    path("<int:pk>/", printers.printer, name="printer"),
    path("<int:pk>/<slug:form_code>/offset/", printers.change_offset, name="change_offset"),
    path("<int:pk>/<slug:form_code>/trial/", printers.trial, name="trial"),
]
sign_in_urls = [
    path("", signing_in.sign_in, name="sign_in"),
    path("code/", signing_in.code, name="sign_in_code"),
    path("lost-password/", signing_in.lost_password, name="lost_password"),
    path("lost-factor/", signing_in.lost_factor, name="lost_factor"),
]
my_urls = [
    path("", me.my_page, name="me"),
    path("password/", me.password, name="password"),
    path("factor/", me.factor, name="factor"),
    path("code/", me.show_code, name="show_code"),
    path("sessions/end-others/", me.end_others, name="end_others"),
    path("delegate/", requests.delegate, name="delegate"),
    path("delegations/<int:pk>/end/", requests.end_delegation, name="end_delegation"),
]
decision_urls = [
    path("", rounds.RoundList.as_view(), name="decisions"),
    path("<slug:family>/", rounds.FamilyRounds.as_view(), name="decisions_of"),
    path("<slug:family>/<int:pk>/", rounds.decision, name="decision"),
    path("<slug:family>/<int:pk>/withdraw/", rounds.withdraw, name="withdraw"),
]
people_urls = [
    path("", people.PersonList.as_view(), name="people"),
    path("add/", people.add_person, name="add_person"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/leave/", people.leave, name="leave"),
    path("<int:pk>/end-sessions/", people.end_sessions, name="end_sessions"),
    path("<int:pk>/duties/give/", people.give_duty, name="give_duty"),
    path("<int:pk>/one-time-code/", requests.ask_for_code, name="ask_for_code"),
    path("<int:pk>/delegate/", requests.ask_for_delegation, name="ask_for_delegation"),
]
body_urls = [
    path("", bodies.BodyList.as_view(), name="bodies"),
    path("add/", bodies.add_body, name="add_body"),
    path("<int:pk>/rename/", bodies.rename_body, name="rename_body"),
]
work_urls = [
    path("", work.my_work, name="work"),
    path("take/", work.take, name="take_work"),
    path("put-back/", work.put_back, name="put_back_work"),
    path("people/", work.of_people, name="work_of_people"),
    path("people/<str:name>/<str:kind>/<str:number>/", work.reassign, name="reassign_work"),
    path("<str:name>/", work.one_worklist, name="worklist"),
    path("<str:name>/<str:kind>/<str:number>/hand-over/", work.hand_over, name="hand_over_work"),
]
urlpatterns = [
    path("", entry.home, name="home"),
    path("overview/", overview.page, name="overview"),
    path("sign-in/", include(sign_in_urls)),
    path("me/", include(my_urls)),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("theme/", entry.set_theme, name="set_theme"),
    path("healthz", health.healthz, name="healthz"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("attachments/<int:pk>/pages/<int:page>/", attachments.picture, name="attachment_page"),
    path("decisions/", include(decision_urls)),
    path("people/", include(people_urls)),
    path("duties/<int:pk>/end/", people.end_duty, name="end_duty"),
    path("bodies/", include(body_urls)),
    path("acts/", acts.ActList.as_view(), name="acts"),
    path("acts/refused/", acts.RefusedActs.as_view(), name="refused_acts"),
    path("acts/looks/", acts.Looks.as_view(), name="looks"),
    path("history/<str:subject_type>/<str:subject_id>/", acts.state_by_state, name="history"),
    path("work/", include(work_urls)),
    path("jobs/", include(job_urls)),
    path("working-days/", include(calendar_urls)),
    path("printers/", include(printer_urls)),
]

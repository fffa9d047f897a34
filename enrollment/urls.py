"""The register's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from enrollment.views import register, search
from enrollment.views import rosters

app_name = "enrollment"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", search.search_page, name="search"),
    path("households/", register.HouseholdList.as_view(), name="households"),
    path("households/<int:pk>/", register.household, name="household"),
    path("members/", register.MemberList.as_view(), name="members"),
    path("members/<int:pk>/", register.member, name="member"),
    path("members/<int:pk>/id-number/", register.show_id_number, name="show_id_number"),
    path("imports/", rosters.RosterImportList.as_view(), name="roster_imports"),
    path("imports/new/", rosters.new_roster, name="new_roster"),
    path("imports/jobs/<int:pk>/", rosters.roster_job, name="roster_job"),
    path("imports/jobs/<int:pk>/write/", rosters.write_roster, name="write_roster"),
    path("imports/not-whole/<int:fund_year>/", rosters.NotWholeList.as_view(), name="not_whole"),
]

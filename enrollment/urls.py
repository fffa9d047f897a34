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
from enrollment.views import households, members, merges, payee_accounts

app_name = "enrollment"

keeping_urls = [
    path("households/add/", households.add_household, name="household_add"),
    path("households/<int:pk>/move/", households.move, name="household_move"),
    path("households/<int:pk>/split/", households.split, name="household_split"),
    path("households/<int:pk>/head/", households.change_head, name="household_head"),
    path("households/<int:pk>/end/", households.end, name="household_end"),
    path("households/<int:pk>/files/", households.household_files, name="household_files"),
    path("households/<int:pk>/members/add/", members.add_member, name="member_add"),
    path("households/<int:pk>/payee-account/", payee_accounts.propose_payee_account, name="payee_account_propose"),
    path("members/<int:pk>/correct/", members.correct, name="member_correct"),
    path("members/<int:pk>/death/", members.death, name="member_death"),
    path("members/<int:pk>/away/", members.away, name="member_away"),
    path("members/<int:pk>/return/", members.come_back, name="member_return"),
    path("members/<int:pk>/move/", members.move, name="member_move"),
    path("members/<int:pk>/double/", merges.propose_merge, name="merge_propose"),
    path("members/<int:pk>/files/", households.member_files, name="member_files"),
]
urlpatterns: list[URLPattern | URLResolver] = [*keeping_urls]

"""The register's addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from enrollment.views import (
    accounts,
    assistance,
    bulletins,
    campaign,
    collecting,
    collection_costs,
    coverage,
    divisions,
    doubles,
    exceptions,
    fund_year_lines,
    fund_years,
    go_live,
    households,
    members,
    merges,
    participation,
    payee_accounts,
    receipts,
    refunds,
    register,
    reminders,
    rosters,
    schemes,
    search,
    sheets,
    subsidies,
)

app_name = "enrollment"

household_urls = [
    path("", register.HouseholdList.as_view(), name="households"),
    path("add/", households.add_household, name="household_add"),
    path("<int:pk>/", register.household, name="household"),
    path("<int:pk>/move/", households.move, name="household_move"),
    path("<int:pk>/split/", households.split, name="household_split"),
    path("<int:pk>/head/", households.change_head, name="household_head"),
    path("<int:pk>/end/", households.end, name="household_end"),
    path("<int:pk>/files/", households.household_files, name="household_files"),
    path("<int:pk>/pay/", collecting.household_pay, name="household_pay"),
    path("<int:pk>/members/add/", members.add_member, name="member_add"),
    path("<int:pk>/payee-account/", payee_accounts.propose_payee_account, name="payee_account_propose"),
]
member_urls = [
    path("", register.MemberList.as_view(), name="members"),
    path("<int:pk>/", register.member, name="member"),
    path("<int:pk>/id-number/", register.show_id_number, name="show_id_number"),
    path("<int:pk>/correct/", members.correct, name="member_correct"),
    path("<int:pk>/death/", members.death, name="member_death"),
    path("<int:pk>/away/", members.away, name="member_away"),
    path("<int:pk>/return/", members.come_back, name="member_return"),
    path("<int:pk>/move/", members.move, name="member_move"),
    path("<int:pk>/double/", merges.propose_merge, name="merge_propose"),
    path("<int:pk>/files/", households.member_files, name="member_files"),
    path("<int:pk>/coverage/", coverage.of_member, name="coverage"),
    path("<int:pk>/coverage/newborn/", coverage.newborn, name="coverage_newborn"),
    path("<int:pk>/coverage/transfer/", coverage.transfer, name="coverage_transfer"),
    path("<int:pk>/coverage/leave/", coverage.leave, name="coverage_leave"),
    path("<int:pk>/coverage/void/", coverage.void, name="coverage_void"),
    path("<int:pk>/coverage/exception/", coverage.exception, name="exception_note"),
]
go_live_urls = [
    path("", go_live.ProtocolList.as_view(), name="go_live"),
    path("new/", go_live.new_file, name="go_live_new"),
    path("jobs/<int:pk>/", go_live.check_job, name="go_live_job"),
    path("jobs/<int:pk>/propose/", go_live.propose, name="go_live_propose"),
    path("<int:pk>/", go_live.protocol, name="go_live_protocol"),
    path("<int:pk>/withdraw/", go_live.withdraw, name="go_live_withdraw"),
    path("<int:pk>/print/", go_live.print_page, name="go_live_print"),
]
account_urls = [
    path("", accounts.AccountList.as_view(), name="accounts"),
    path("<int:pk>/", accounts.AccountPage.as_view(), name="account"),
]
roster_urls = [
    path("", rosters.RosterImportList.as_view(), name="roster_imports"),
    path("new/", rosters.new_roster, name="new_roster"),
    path("jobs/<int:pk>/", rosters.roster_job, name="roster_job"),
    path("jobs/<int:pk>/write/", rosters.write_roster, name="write_roster"),
]
division_urls = [
    path("", divisions.DivisionList.as_view(), name="divisions"),
    path("<int:pk>/station/", divisions.station, name="station"),
]
scheme_urls = [
    path("", schemes.SchemeList.as_view(), name="schemes"),
    path("add/", schemes.add_scheme, name="add_scheme"),
]
fund_year_urls = [
    path("", fund_years.FundYearList.as_view(), name="fund_years"),
    path("draft/", fund_years.draft, name="fund_year_draft"),
    path("<int:pk>/", fund_years.fund_year, name="fund_year"),
    path("<int:pk>/copy/", fund_years.copy, name="fund_year_copy"),
    path("<int:pk>/header/", fund_years.header, name="fund_year_header"),
    path("<int:pk>/paper/", fund_years.paper, name="fund_year_paper"),
    path("<int:pk>/rates/", fund_year_lines.rates, name="fund_year_rates"),
    path("<int:pk>/subsidies/", fund_year_lines.subsidies, name="fund_year_subsidies"),
    path("<int:pk>/populations/", fund_year_lines.populations, name="fund_year_populations"),
    path("<int:pk>/populations/<int:township>/", fund_year_lines.populations, name="fund_year_village_populations"),
    path("<int:pk>/populations/file/", fund_year_lines.population_file, name="fund_year_population_file"),
    path("<int:pk>/targets/", fund_year_lines.targets, name="fund_year_targets"),
    path("<int:pk>/propose/", fund_years.propose, name="fund_year_propose"),
    path("<int:pk>/withdraw/", fund_years.withdraw, name="fund_year_withdraw"),
]
assistance_urls = [
    path("", assistance.AssistanceListList.as_view(), name="assistance_lists"),
    path("new/", assistance.new_list, name="assistance_new"),
    path("jobs/<int:pk>/", assistance.list_job, name="assistance_job"),
    path("jobs/<int:pk>/accept/", assistance.accept_list, name="assistance_accept"),
    path("<int:pk>/", assistance.one_list, name="assistance_list"),
    path("<int:pk>/unlisted/", assistance.UnlistedList.as_view(), name="assistance_unlisted"),
    path("<int:pk>/<slug:kind>/", assistance.ComparedList.as_view(), name="assistance_compared"),
]
subsidy_urls = [
    path("", subsidies.page, name="subsidy_claims"),
    path("<int:fund_year>/<slug:payer>/<int:rate>/", subsidies.make_claim, name="subsidy_claim_make"),
    path("claims/<int:pk>/", subsidies.claim, name="subsidy_claim"),
    path("claims/<int:pk>/print/", subsidies.print_claim, name="subsidy_claim_print"),
]
participation_urls = [
    path("", participation.page, name="participation"),
    path("print/", participation.print_page, name="participation_print"),
]
sheet_urls = [
    path("", sheets.SheetList.as_view(), name="sheets"),
    path("open/", sheets.open_sheet, name="sheet_open"),
    path("blank/", sheets.blank_sheet, name="blank_sheet"),
    path("<int:pk>/", sheets.sheet, name="sheet"),
    path("<int:pk>/households/", collecting.sheet_entry, name="sheet_entry"),
    path("<int:pk>/receipts/", receipts.print_sheet_receipts, name="sheet_receipts"),
    path("<int:pk>/hand-in/", sheets.hand_in, name="sheet_hand_in"),
    path("<int:pk>/cancel/", sheets.cancel, name="sheet_cancel"),
    path("entries/<int:pk>/take-back/", sheets.take_back, name="entry_take_back"),
    path("entries/<int:pk>/receipt/", sheets.write_receipt, name="entry_receipt"),
]
receipt_urls = [
    path("", receipts.BookList.as_view(), name="receipt_books"),
    path("issue/", receipts.issue, name="receipts_issue"),
    path("<int:pk>/", receipts.BookPage.as_view(), name="receipt_book"),
    path("<int:pk>/receive/", receipts.receive, name="receipt_book_receive"),
    path("<int:pk>/count-back/", receipts.count_back, name="receipt_book_close"),
    path("<int:pk>/spoiled/", receipts.spoil, name="receipt_spoil"),
    path("written/<int:pk>/", receipts.receipt, name="receipt"),
    path("written/<int:pk>/print/", receipts.print_receipt, name="receipt_print"),
    path("written/<int:pk>/again/", receipts.reissue, name="receipt_reissue"),
]
refund_urls = [
    path("", refunds.RefundList.as_view(), name="refunds"),
    path("of/<int:pk>/", refunds.propose, name="refund_propose"),
]
campaign_urls = [
    path("", campaign.page, name="campaign"),
    path("deadlines/set/", campaign.set_deadline, name="deadline_set"),
    path("deadlines/<int:pk>/void/", campaign.void_deadline, name="deadline_void"),
    path("deadlines/<int:deadline>/remind/", reminders.send, name="remind"),
    path("bulletins/", bulletins.BulletinList.as_view(), name="bulletins"),
    path("bulletins/make/", bulletins.make, name="bulletin_make"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/print/", bulletins.print_page, name="bulletin_print"),
    path("reminders/", reminders.ReminderList.as_view(), name="reminders"),
    path("reminders/<int:pk>/", reminders.reminder, name="reminder"),
    path("reminders/<int:pk>/answer/", reminders.answer, name="reminder_answer"),
    path("reminders/<int:pk>/print/", reminders.print_page, name="reminder_print"),
    path("costs/", collection_costs.CostList.as_view(), name="collection_costs"),
    path("costs/add/", collection_costs.add, name="collection_cost_add"),
    path("costs/by-township/", collection_costs.by_township, name="collection_costs_by_township"),
    path("costs/<int:pk>/void/", collection_costs.void, name="collection_cost_void"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", search.search_page, name="search"),
    path("households/", include(household_urls)),
    path("members/", include(member_urls)),
    path("imports/", include(roster_urls)),
    path("divisions/", include(division_urls)),
    path("schemes/", include(scheme_urls)),
    path("fund-years/", include(fund_year_urls)),
    path("participation/", include(participation_urls)),
    path("collection/sheets/", include(sheet_urls)),
    path("collection/receipts/", include(receipt_urls)),
    path("collection/refunds/", include(refund_urls)),
    path("collection/campaign/", include(campaign_urls)),
    path("double-enrollment/", doubles.DoubleList.as_view(), name="double_enrollment"),
    path("exceptions/", exceptions.ExceptionList.as_view(), name="exceptions"),
    path("exceptions/<int:pk>/end/", exceptions.end_exception, name="exception_end"),
    path("not-whole/", exceptions.NotWholeList.as_view(), name="not_whole"),
    path("accounts/", include(account_urls)),
    path("go-live/", include(go_live_urls)),
    path("collection/assistance/", include(assistance_urls)),
    path("collection/subsidies/", include(subsidy_urls)),
]

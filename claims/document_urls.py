"""The addresses of village registers, hospitals' lists and their settlements."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from claims.views import document_deciding, document_files, document_papers, documents, sampling, settlements, visits

of_documents = [
    path("", documents.DocumentList.as_view(), name="documents"),
    path("new/", documents.new, name="document_new"),
    path("next/", document_deciding.following, name="document_next"),
    path("find/<slug:name>/", visits.pick, name="document_pick"),
    path("template/<slug:kind>/", document_files.template, name="document_template"),
    path("jobs/<int:pk>/", document_files.job, name="document_job"),
    path("jobs/<int:pk>/take/", document_files.take_in, name="document_take"),
    path("<int:pk>/", documents.document, name="bulk_document"),
    path("<int:pk>/visits/", visits.entry, name="document_visits"),
    path("<int:pk>/file/", document_files.send, name="document_file"),
    path("<int:pk>/hand-in/", documents.hand_in, name="document_hand_in"),
    path("<int:pk>/void/", documents.void, name="document_void"),
    path("<int:pk>/sample/", sampling.sample, name="document_sample"),
    path("<int:pk>/sample/draw/", sampling.draw, name="document_draw"),
    path("<int:pk>/decide/<slug:choice>/", document_deciding.decide, name="document_decide"),
    path("<int:pk>/settle/", settlements.settle, name="document_settle"),
    path("<int:pk>/print/", document_papers.print_page, name="document_print"),
    path("<int:pk>/deductions/", document_papers.deductions, name="document_deductions"),
    path("<int:pk>/deductions/print/", document_papers.deductions_print, name="document_deductions_print"),
    path("<int:pk>/deductions/workbook/", document_papers.deductions_workbook, name="document_deductions_workbook"),
    path("rows/<int:pk>/strike/", documents.strike, name="document_strike"),
    path("rows/<int:pk>/", documents.mend, name="document_row"),
]
of_settlements = [
    path("", settlements.SettlementList.as_view(), name="settlements"),
    path("<int:pk>/", settlements.settlement, name="settlement"),
    path("<int:pk>/print/", settlements.print_page, name="settlement_print"),
]
document_urls: list[URLPattern | URLResolver] = [
    path("documents/", include(of_documents)),
    path("settlements/", include(of_settlements)),
]

"""Addresses of assignments."""

from __future__ import annotations

from django.urls import path

from piramide.web.assignments import views

app_name = "assignments"
urlpatterns = [
    path("", views.index, name="index"),
    path("stato.csv", views.board_file, name="board_file"),
    path("emetti/", views.ask_issue, name="issue"),
    path("<int:sheet_id>/", views.sheet, name="sheet"),
    path("<int:sheet_id>/scheda.pdf", views.sheet_file, name="sheet_file"),
    path("<int:sheet_id>/firmato.pdf", views.signed_file, name="signed_file"),
    path("<int:sheet_id>/presa-visione/", views.acknowledge_sheet, name="acknowledge"),
]

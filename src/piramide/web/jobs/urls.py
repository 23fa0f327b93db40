"""Addresses of background jobs."""

from __future__ import annotations

from django.urls import path

from piramide.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.index, name="index"),
    path("calcola/", views.ask_score, name="score"),
    path("carica/", views.ask_load, name="load"),
    path("schede/<str:run>/", views.ask_sheets, name="ask_sheets"),
    path("schede/<str:run>/<str:language>.zip", views.sheets, name="sheets"),
    path("<uuid:job>/", views.show, name="show"),
    path("<uuid:job>/annulla/", views.ask_cancel, name="cancel"),
    path("<uuid:job>/ripeti/", views.ask_repeat, name="repeat"),
]

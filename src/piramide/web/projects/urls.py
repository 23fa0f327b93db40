"""Addresses of projects."""

from __future__ import annotations

from django.urls import path

from piramide.web.projects import views

app_name = "projects"
urlpatterns = [
    path("", views.index, name="index"),
    path("nuovo/", views.new, name="new"),
    path("passi.csv", views.steps_file, name="steps"),
    path("carica-nei-fatti/", views.load, name="load"),
    path("<str:structure>/<str:code>/", views.project, name="project"),
    path("<str:structure>/<str:code>/consegne/", views.plan_deliverable, name="plan"),
    path("<str:structure>/<str:code>/consegne/<str:deliverable>/<str:step>/", views.take_step, name="step"),
]

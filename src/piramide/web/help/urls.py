"""Addresses of help and of the statements that the law asks for."""

from __future__ import annotations

from django.urls import path

from piramide.web.help import views

app_name = "help"
urlpatterns = [
    path("guida/", views.index, name="index"),
    path("guida/glossario/", views.glossary, name="glossary"),
    path("guida/<slug:name>/", views.topic, name="topic"),
    path("accessibilita/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]

"""Addresses of the pages about the interface for programs."""

from __future__ import annotations

from django.urls import path

from piramide.web.api import views

app_name = "api"
urlpatterns = [
    path("", views.docs, name="docs"),
    path("chiavi/", views.keys, name="keys"),
    path("chiavi/<int:pk>/revoca/", views.revoke, name="revoke"),
]

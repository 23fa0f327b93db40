"""Addresses of quality."""

from __future__ import annotations

from django.urls import path

from piramide.web.quality import views

app_name = "quality"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:structure>/", views.show, name="show"),
]

"""Addresses of structures."""

from __future__ import annotations

from django.urls import path

from piramide.web.structures import views

app_name = "structures"
urlpatterns = [
    path("", views.index, name="index"),
]

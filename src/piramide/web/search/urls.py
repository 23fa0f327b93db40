"""The address of search."""

from __future__ import annotations

from django.urls import path

from piramide.web.search import views

app_name = "search"
urlpatterns = [
    path("", views.index, name="index"),
]

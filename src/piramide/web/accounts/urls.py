"""Addresses of a person's own pages."""

from __future__ import annotations

from django.urls import path

from piramide.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("esci/", views.leave, name="leave"),
]

"""Addresses of the frame's own pages."""

from __future__ import annotations

from django.urls import path

from piramide.web.pyramid import views

app_name = "house"
urlpatterns = [
    path("", views.home, name="home"),
]

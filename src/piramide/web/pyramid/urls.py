"""Address of the home page. Its name is of the house, which leads to it from every page."""

from __future__ import annotations

from django.urls import path

from piramide.web.pyramid import views

app_name = "house"
urlpatterns = [
    path("", views.home, name="home"),
]

"""Addresses of spending."""

from __future__ import annotations

from django.urls import path

from piramide.web.spending import views

app_name = "spending"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:structure>/", views.show, name="show"),
]

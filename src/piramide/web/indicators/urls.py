"""Addresses of indicators."""

from __future__ import annotations

from django.urls import path

from piramide.web.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:indicator>/", views.indicator, name="indicator"),
    path("<slug:indicator>/valori.csv", views.values, name="values"),
]

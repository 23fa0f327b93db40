"""Addresses of the chain."""

from __future__ import annotations

from django.urls import path

from piramide.web.strategy import views

app_name = "strategy"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:plan>/", views.whole, name="whole"),
    path("<slug:plan>/capitoli/", views.chapters, name="chapters"),
    path("<slug:plan>/linee/<str:code>/", views.line, name="line"),
]

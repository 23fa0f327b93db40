"""Addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from piramide.web.calendar import views

app_name = "calendar"
urlpatterns = [
    path("", views.index, name="index"),
    path("nuova/", views.add, name="add"),
    path("<int:pk>/annulla/", views.cancel, name="cancel"),
    path("messaggi/", views.messages, name="messages"),
    path("messaggi/letti/", views.mark_read, name="mark_read"),
    path("messaggi/preferenza/", views.prefer, name="prefer"),
]

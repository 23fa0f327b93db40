"""Addresses of the register of changes."""

from __future__ import annotations

from django.urls import path

from piramide.web.oversight.register import views

app_name = "audit"
urlpatterns = [
    path("", views.register, name="register"),
    path("verifica/", views.verify, name="verify"),
    path("registro.csv", views.export, name="export"),
]

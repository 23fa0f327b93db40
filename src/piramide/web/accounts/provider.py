"""Addresses of the way in through the institute's provider, in no language: the provider knows the answer's address."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views
from django.urls import path

urlpatterns = [
    path("<str:provider_id>/", views.login, name="openid_connect_login"),
    path("<str:provider_id>/risposta/", views.callback, name="openid_connect_callback"),
]

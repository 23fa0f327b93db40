"""Addresses of a person's own pages, and of the administration of people."""

from __future__ import annotations

from django.urls import path

from piramide.web.accounts import people_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("esci/", views.leave, name="leave"),
    path("sessioni/", views.sessions, name="sessions"),
    path("sessioni/altre/", views.end_other_sessions, name="end_other_sessions"),
    path("sessioni/<int:pk>/", views.end_session, name="end_session"),
    path("deleghe/", views.delegations, name="delegations"),
    path("deleghe/nuova/<int:pk>/", views.delegate, name="delegate"),
    path("deleghe/<int:pk>/fine/", views.end_delegation, name="end_delegation"),
    path("deleghe/<int:pk>/annulla/", views.renew_delegation, name="renew_delegation"),
    path("persone/", people_views.people, name="people"),
    path("persone/invita/", people_views.invite, name="invite"),
    path("persone/<int:pk>/", people_views.person, name="person"),
    path("persone/<int:pk>/invito/", people_views.invite_again, name="invite_again"),
    path("persone/<int:pk>/sospendi/", people_views.suspend, name="suspend"),
    path("persone/<int:pk>/riammetti/", people_views.readmit, name="readmit"),
    path("persone/<int:pk>/secondo-fattore/", people_views.drop_second_factor, name="drop_second_factor"),
    path("ruoli/<int:pk>/togli/", people_views.take, name="take"),
    path("ruoli/<int:pk>/annulla/", people_views.give_back, name="give_back"),
]

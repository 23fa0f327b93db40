"""Addresses of oversight."""

from __future__ import annotations

from django.urls import path

from piramide.web.oversight import adjusting, alarms, as_everybody_views, decision_views, views

app_name = "oversight"
urlpatterns = [
    path("", views.index, name="index"),
    path("esecuzioni/", views.runs, name="runs"),
    path("esecuzioni/<str:run>/", views.run, name="run"),
    path("esecuzioni/<str:run>/verifica/", views.ask_verify, name="verify"),
    path("esecuzioni/<str:run>/validazione/", decision_views.validation, name="validation"),
    path("esecuzioni/<str:run>/pubblicazione/", decision_views.publication, name="publication"),
    path("esecuzioni/<str:run>/rettifica/", adjusting.propose, name="propose"),
    path("esecuzioni/<str:run>/come-chiunque/", as_everybody_views.be_everybody, name="be_everybody"),
    path("anteprima/chiudi/", as_everybody_views.be_oneself, name="be_oneself"),
    path("confronto/", views.ask_comparison, name="ask_comparison"),
    path("confronto/<str:before>/<str:after>/", views.comparison, name="comparison"),
    path("correzioni/", views.corrections, name="corrections"),
    path("riscontri/", views.findings, name="findings"),
    path("allarmi/", alarms.index, name="alarms"),
    path("allarmi/ascolta/", alarms.listen, name="listen"),
    path("allarmi/<str:period>/", alarms.report, name="alarms_of"),
    path("allarmi/<str:period>/<str:key>/", alarms.note, name="note"),
    path("rettifiche/", adjusting.index, name="adjustments"),
    path("rettifiche/<int:number>/", adjusting.show, name="adjustment"),
    path("rettifiche/<int:number>/conferma/", adjusting.confirmation, name="confirm"),
    path("rettifiche/<int:number>/ricalcola/", adjusting.again, name="try_again"),
    path("rettifiche/<int:number>/ritira/", adjusting.withdrawal, name="withdraw"),
]

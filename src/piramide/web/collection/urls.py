"""Addresses of the collection."""

from __future__ import annotations

from django.urls import path

from piramide.web.collection import contest_views, file_views, grid_views, views

app_name = "collection"
urlpatterns = [
    path("", views.index, name="index"),
    path("apri/", views.open_new, name="open"),
    path("<int:number>/", views.campaign, name="campaign"),
    path("<int:number>/valori/<str:structure>/", grid_views.sheet, name="sheet"),
    path("<int:number>/indicatori/<str:indicator>/", grid_views.indicator, name="indicator"),
    path("<int:number>/conferma/<str:structure>/", views.confirm, name="confirm"),
    path("<int:number>/promemoria/", views.send_reminders, name="remind"),
    path("<int:number>/chiudi/", views.close, name="close"),
    path("<int:number>/calcola/", views.compute_values, name="compute"),
    path("<int:number>/carica/", file_views.upload, name="upload"),
    path("<int:number>/modello.csv", file_views.template, {"kind": "csv"}, name="template_csv"),
    path("<int:number>/modello.xlsx", file_views.template, {"kind": "xlsx"}, name="template_xlsx"),
    path("<int:number>/valori.csv", file_views.values_file, name="values_file"),
    path("celle/<int:key>/", grid_views.cell, name="cell"),
    path("celle/<int:key>/versioni/", grid_views.versions, name="versions"),
    path("caricamenti/<int:key>/", file_views.preview, name="preview"),
    path("documenti/<int:key>/", file_views.document, name="document"),
    path("contesta/<str:structure>/<str:indicator>/", contest_views.contest_figure, name="contest"),
    path("contesta/", contest_views.contest_figure, name="contest"),
    path("contestazioni/", contest_views.contests, name="contests"),
    path("contestazioni/<int:number>/", contest_views.contested, name="contested"),
]

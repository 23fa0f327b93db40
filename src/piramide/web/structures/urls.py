"""Addresses of structures."""

from __future__ import annotations

from django.urls import path, register_converter

from piramide.web.structures import views
from piramide.web.structures.addresses import NodeConverter

register_converter(NodeConverter, "node")
app_name = "structures"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:structure>/", views.sheet, name="sheet"),
    path("<slug:structure>/scheda.<str:form>", views.sheet_file, name="sheet_file"),
    path("<slug:structure>/storia/", views.history, name="history"),
    path("<slug:structure>/cluster/", views.among, name="among"),
    path("<slug:structure>/confronto/", views.comparison, name="comparison"),
    path("<slug:structure>/spiegazione/<node:node>/", views.explanation, name="explanation"),
    path("<slug:structure>/spiegazione/<slug:node>/dati/", views.entries, name="entries"),
    path("<slug:structure>/spiegazione/<slug:node>/dati.csv", views.entries_file, name="entries_file"),
]

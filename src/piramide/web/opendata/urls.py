"""Addresses of open data. Files have one address, pages one per language."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from piramide.web.opendata import views

app_name = "opendata"


class RunConverter(StringConverter):
    """The id of a run, or the beginning of one."""

    regex = "[0-9a-f]{8,64}"


register_converter(RunConverter, "run_id")

urlpatterns = [
    path("", views.index, name="index"),
    path("qualita/", views.quality, name="quality"),
    path("ricalcolo/", views.recompute, name="recompute"),
    path("catalogo.<str:form>", views.catalogue_file, name="catalogue"),
    path("tracciati/<slug:name>/", views.dataset, name="dataset"),
    path("esecuzioni/<run_id:run>/", views.run, name="run"),
    path("esecuzioni/<run_id:run>/esecuzione.tar", views.run_archive, name="run_archive"),
    path("esecuzioni/<run_id:run>/<slug:name>.<str:form>", views.run_file, name="run_file"),
    path("<slug:name>.<str:form>", views.file, name="file"),
]

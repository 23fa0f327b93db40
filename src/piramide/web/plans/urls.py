"""Addresses of the plan."""

from __future__ import annotations

from django.urls import path

from piramide.web.plans import draft_gate_views, draft_views, preview_views, views

app_name = "plans"
urlpatterns = [
    path("", views.index, name="index"),
    path("versioni/<slug:name>/", views.version, name="version"),
    path("versioni/<slug:name>/<slug:structure>/", views.tree, name="tree"),
    path("confronto/", views.comparison, name="comparison"),
    path("confronto.csv", views.comparison_csv, name="comparison_csv"),
    path("bozze/nuova/", draft_views.new, name="new"),
    path("bozze/<int:draft_id>/", draft_views.draft, name="draft"),
    path("bozze/<int:draft_id>/allegato.csv", draft_views.annex_csv, name="annex_csv"),
    path("bozze/<int:draft_id>/schede/<slug:structure>/", draft_views.edit, name="edit"),
    path("bozze/<int:draft_id>/schede/<slug:structure>/prova/", draft_views.try_out, name="try_out"),
    path("bozze/<int:draft_id>/annulla/", draft_views.take_back, name="take_back"),
    path("bozze/<int:draft_id>/controlli/", preview_views.checks, name="checks"),
    path("bozze/<int:draft_id>/simulazione/", preview_views.simulation, name="simulation"),
    path("bozze/<int:draft_id>/simulazione.svg", preview_views.picture, name="picture"),
    path("bozze/<int:draft_id>/proposta/", draft_gate_views.proposal, name="proposal"),
    path("bozze/<int:draft_id>/parere/", draft_gate_views.opinion, name="opinion"),
    path("bozze/<int:draft_id>/adozione/", draft_gate_views.adoption, name="adoption"),
    path("bozze/<int:draft_id>/ritorno/", draft_gate_views.sending_back, name="sending_back"),
]

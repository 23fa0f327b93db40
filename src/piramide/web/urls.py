"""Addresses: Italian ones without a prefix, English ones under /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from piramide.web.api import service
from piramide.web.house import health
from piramide.web.jobs import metrics
from piramide.web.opendata import sitemap
from piramide.web.rooms import ROOMS

urlpatterns = [
    path("salute/", health.health, name="health"),
    path("metriche/", metrics.metrics, name="metrics"),
    path("api/v1/", include((service.urlpatterns, "api-v1"))),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("oidc/", include("piramide.web.accounts.provider")),
    *i18n_patterns(
        *(path(room.address, include(f"piramide.web.{room.name}.urls")) for room in ROOMS if room.address is not None),
        path("registro/", include("piramide.web.oversight.register.urls")),
        path("accesso/", include("piramide.web.accounts.entrance")),
        prefix_default_language=False,
    ),
]

handler400 = "piramide.web.house.errors.bad_request"
handler403 = "piramide.web.house.errors.forbidden"
handler404 = "piramide.web.house.errors.not_found"
handler500 = "piramide.web.house.errors.server_error"
handler429 = "piramide.web.house.errors.too_many"

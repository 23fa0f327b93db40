"""Figures for Prometheus: how many requests, how long they took, which jobs are live or dead."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable
from typing import Final

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from piramide.web.jobs.models import Job, bury_the_dead

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
REQUESTS = Counter("piramide_requests", "Answers by page and status.", ["page", "method", "status"])
SECONDS = Histogram(
    "piramide_request_seconds",
    "Time to answer by page.",
    ["page"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class MetricsMiddleware:
    """Counts and times every request under the name of its page, never under its address."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        began = time.perf_counter()
        response = self._answer(request)
        page = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "other"  # anybody can make methods up, without end
        REQUESTS.labels(page, method, response.status_code).inc()
        SECONDS.labels(page).observe(time.perf_counter() - began)
        return response


class JobsCollector(Collector):
    """Jobs by kind and state, counted when asked."""

    def collect(self) -> Iterable[Metric]:
        """One figure per kind and state."""
        bury_the_dead()
        figures = GaugeMetricFamily("piramide_jobs", "Jobs by kind and state.", labels=["kind", "state"])
        for row in Job.objects.values("kind", "state").annotate(count=Count("pk")).order_by("kind", "state"):
            figures.add_metric([row["kind"], row["state"]], row["count"])
        yield figures

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked of the database when the site starts."""
        return []


REGISTRY.register(JobsCollector())


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for who knows the token of the installation; without a configured token there is no such page."""
    token = settings.CONFIGURATION.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)

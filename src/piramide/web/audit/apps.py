"""The application of the register of changes."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The register of changes."""

    name = "piramide.web.audit"
    label = "audit"

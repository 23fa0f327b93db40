"""The application that a server calls: as it is, or awake."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piramide.web.settings")
application = get_wsgi_application()


def awake() -> WSGIHandler:
    """The application, and the process that answers with it waking up beside the first answers."""
    from piramide.web.warming import wake  # noqa: PLC0415 - models are known only when the application is

    wake()
    return application

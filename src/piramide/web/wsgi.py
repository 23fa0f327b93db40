"""The application that a server calls: as it is, or awake."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piramide.web.settings")
application = get_wsgi_application()

from piramide.web.warm_up import wake  # noqa: E402 - models are known only from here on


def awake() -> WSGIHandler:
    """The application, and the process that answers with it waking up beside the first answers.

    The pages are imported before the port is open: Django would do it for who asks first, who waits for half a second.
    """
    resolve("/")
    wake()
    return application

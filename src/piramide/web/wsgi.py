"""The application that a server calls."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piramide.web.settings")
application = get_wsgi_application()

from piramide.web.warming import wake  # noqa: E402 - models are known only from here on

wake()

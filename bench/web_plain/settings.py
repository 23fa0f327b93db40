"""Settings of the plain site."""

from __future__ import annotations

import os

from piramide.web.configuration import read_configuration

SECRET_KEY = "only for the benchmark"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["bench.web_plain"]
ROOT_URLCONF = "bench.web_plain.urls"
DATABASES = {"default": read_configuration().database}
if os.environ.get("PLAIN_DATABASE"):
    DATABASES["default"]["NAME"] = os.environ["PLAIN_DATABASE"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

"""Importing this starts Django with the settings of the test site, before anything asks for its models."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.web.site_settings")
django.setup()

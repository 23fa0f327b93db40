"""Wakes Django up: import this before anything that knows a model."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piramide.web.settings")
django.setup()

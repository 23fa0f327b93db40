"""The lines of the checklist in templates."""

from __future__ import annotations

from django import template

from piramide.web.oversight.last_look.lines import title_of

register = template.Library()
register.simple_tag(title_of, name="line_title")

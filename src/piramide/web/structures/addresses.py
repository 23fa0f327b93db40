"""What stands in the addresses of structures for a node, or for a phase of one."""

from __future__ import annotations

from django.urls.converters import StringConverter


class NodeConverter(StringConverter):
    """The id of a node, or that of a phase after it: `mensa`, `mensa:gara`."""

    regex = "[-a-zA-Z0-9_]+(?::[-a-zA-Z0-9_]+)?"

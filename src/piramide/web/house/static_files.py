"""Files that browsers load: of the packages only what pages use, under names that hold their hash, compressed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import Any, Final

from django.contrib.staticfiles.finders import FileSystemFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

USED: Final = (
    "css/bootstrap-italia.min.css*",
    "fonts/Titillium_Web/titillium-web-*-regular.woff2",
    "fonts/Titillium_Web/titillium-web-*-600.woff2",
    "fonts/Titillium_Web/titillium-web-*-700.woff2",
    "fonts/Roboto_Mono/roboto-mono-*-regular.woff2",
    "svg/sprites.svg",
    "htmx.min.js",
    "vega.min.js*",
    "vega-lite.min.js*",
    "interpreter.js",
)


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A name that was never gathered is served as it is: a page with a plain picture is better than no page."""

    manifest_strict = False


class PackageFinder(FileSystemFinder):
    """The files of the npm packages that pages use."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        """Every used file with its storage."""
        for path, storage in super().list(ignore_patterns):
            if any(fnmatch(path, pattern) for pattern in USED):
                yield path, storage

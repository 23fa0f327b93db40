"""Files that browsers load, under names that hold their hash, compressed once."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A name that was never gathered is served as it is: a page with a plain picture is better than no page."""

    manifest_strict = False

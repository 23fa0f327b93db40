"""Answers compressed once: the same bytes asked for again are not compressed again.

Pages that carry the token of a form are sent as they are: what is guessed from the length of compressed pages (BREACH)
is a secret that stands in them, and there is no other. Files are compressed by whoever makes them, answers for programs
not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from piramide.web.house.pages import Kept

LEVEL: Final = 6
LEAST: Final = 1_000
"""Bytes below which nothing is gained."""
MOST_KEPT: Final = 16_000_000
"""Bytes of some 1,200 answers of a process: a page of a person is another answer for each of them."""
COMPRESSED: Final = Kept(MOST_KEPT)
_TEXT: Final = re.compile(r"text/|image/svg\+xml|application/([a-z.+-]+\+)?xml\b")
_ACCEPTS: Final = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=([0-9.]+)\s*)?(?=,|$)")


class CompressionMiddleware:
    """Compresses what is text, for who accepts it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        answer = self._answer(request)
        if not _may_be_compressed(answer):
            return answer
        patch_vary_headers(answer, ["Accept-Encoding"])
        if accepts_gzip(request.headers.get("Accept-Encoding", "")):
            answer.content = compressed(answer.content)
            answer.headers["Content-Length"] = str(len(answer.content))
            answer.headers["Content-Encoding"] = "gzip"
            tag = answer.headers.get("ETag", "")
            if tag.startswith('"'):  # the same page, in other bytes
                answer.headers["ETag"] = f"W/{tag}"
        return answer


def _may_be_compressed(answer: HttpResponse) -> bool:
    return (
        not answer.streaming
        and len(answer.content) >= LEAST
        and "Content-Encoding" not in answer.headers
        and _TEXT.match(answer.headers.get("Content-Type", "")) is not None
        and settings.CSRF_COOKIE_NAME not in answer.cookies  # set whenever a page was given a token
    )


def accepts_gzip(text: str) -> bool:
    """Whether a header `Accept-Encoding` takes gzip.

    >>> accepts_gzip("deflate, gzip;q=0.5"), accepts_gzip("gzip;q=0, br"), accepts_gzip("")
    (True, False, False)
    """
    found = _ACCEPTS.search(text.lower())
    return found is not None and (found[1] is None or float(found[1] or 0) > 0)


def compressed(content: bytes) -> bytes:
    """The content compressed, made once for these bytes."""
    key = (hashlib.blake2b(content, digest_size=16).hexdigest(),)
    packed = COMPRESSED.get(key)
    if packed is None:
        packed = gzip.compress(content, LEVEL, mtime=0)
        COMPRESSED.put(key, packed)
    return packed

"""The OpenAPI document: what the library makes, with what the Italian guidelines ask of every operation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from django.conf import settings
from ninja import NinjaAPI

from piramide.web.api.limits import FOR_EVERYBODY, WITH_A_KEY
from piramide.web.api.problems import DETAILS, MEDIA
from piramide.web.api.shapes import ProblemShown
from piramide.web.opendata.licences import licence

VERSION: Final = "1.0.0"
_PROBLEM: Final = "#/components/schemas/ProblemShown"
_OF_ALL: Final = (400, 401, 404, 405, 422, 429, 500, 503)
_OF_RESULTS: Final = (403,)
_OF_WRITES: Final = (403, 409, 413)
DESCRIPTION: Final = f"""
The reads of the site and the writes of the collection, for programs.

**Who may read what.** What is published needs no key. The rest needs `Authorization: Bearer KEY`, with a key made on
one's own account page: it holds actions, a structure and a last day, and never lets do more than its owner may.

**Figures** are not rounded; gaps, weights and coverage are fractions, indices are on 100. What is absent is `null`,
never zero. Days and moments are ISO 8601.

**Pages.** Lists take `limit` and `cursor`; `next_cursor`, and the `Link` header with `rel="next"`, lead on.

**Limits.** {FOR_EVERYBODY} requests a minute without a key, {WITH_A_KEY} with one; `X-RateLimit-*` say what is left,
429 with `Retry-After` when nothing is. A repeated read costs little with `If-None-Match`: 304.

**Errors** are `application/problem+json` (RFC 9457), in the language of `Accept-Language` (it, en).
"""
_FORMATS: Final = {"integer": "int64", "number": "double"}
_WAIT: Final = (429, 503)
_TAGS: Final = (
    ("results", "Runs, sheets, explanations, values"),
    ("plan", "The plan in force: structures, indicators, objectives"),
    ("collection", "Campaigns of collection and their values"),
    ("service", "The service itself"),
)


@cache
def document_of(api: NinjaAPI, root: str) -> dict[str, Any]:
    """The document, made once per process."""
    made: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    made["info"] |= _info()
    made["servers"] = [
        {"url": f"{settings.CONFIGURATION.origin}{root.rstrip('/')}", "description": "This installation"}
    ]
    made["tags"] = [{"name": name, "description": text} for name, text in _TAGS]
    components = made["components"]
    components["schemas"]["ProblemShown"], others = _own_schema()
    components["schemas"] |= others
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key of one's account."}
    }
    components["headers"] = _headers()
    components["responses"] = dict(_problems())
    for path, method, operation in _operations(made):
        _complete(path, method, operation)
    _with_formats(made)
    return made


def _info() -> dict[str, Any]:
    own = settings.CONFIGURATION
    return {
        "title": f"Piramide – {own.administration}",
        "summary": "Plan, indicators and results of the performance cycle",
        "description": DESCRIPTION.strip(),
        "version": VERSION,
        "x-summary": "Piano, indicatori e risultati del ciclo della performance",
        "termsOfService": f"{own.origin}/dati-aperti/",
        "contact": {"name": own.administration, "url": f"{own.origin}/api/"} | _mail(own.feedback),
        "license": {"name": licence().name, "url": licence().address},
    }


def _mail(address: str) -> dict[str, str]:
    """An address that somebody elsewhere can write to; of a trial on one's own machine there is none."""
    return {"email": address} if "." in address.rpartition("@")[2] else {}


def _with_formats(shape: Any) -> None:
    """Say of every number how it is held: the guidelines ask it of each, the library says it of none."""
    parts = list(shape.values()) if isinstance(shape, dict) else shape if isinstance(shape, list) else []
    if isinstance(shape, dict) and isinstance(kind := shape.get("type"), str) and kind in _FORMATS:
        shape.setdefault("format", _FORMATS[kind])
    for part in parts:
        _with_formats(part)


def _own_schema() -> tuple[dict[str, Any], dict[str, Any]]:
    schema = ProblemShown.model_json_schema(ref_template="#/components/schemas/{model}")
    return schema, schema.pop("$defs", {})


def _headers() -> dict[str, Any]:
    def number(text: str) -> dict[str, Any]:
        return {"description": text, "schema": {"type": "integer", "format": "int32", "minimum": 0}}

    return {
        "X-RateLimit-Limit": number("Requests allowed in a minute."),
        "X-RateLimit-Remaining": number("Requests left in this minute."),
        "X-RateLimit-Reset": number("Seconds until the next minute begins."),
        "Retry-After": number("Seconds to wait."),
        "ETag": {"description": "Send it back as `If-None-Match`.", "schema": {"type": "string"}},
        "Link": {"description": "`first` and `next` pages (RFC 8288).", "schema": {"type": "string"}},
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _limits() -> dict[str, Any]:
    return {name: _reference(name) for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")}


def _problems() -> Iterator[tuple[str, dict[str, Any]]]:
    for status in DETAILS:
        headers = _limits() | ({"Retry-After": _reference("Retry-After")} if status in _WAIT else {})
        content = {MEDIA: {"schema": {"$ref": _PROBLEM}}}
        yield f"Problem{status}", {"description": _phrase(status), "headers": headers, "content": content}


def _phrase(status: int) -> str:
    return {
        400: "Not understood", 401: "No valid key", 403: "Not allowed", 404: "Nothing there", 405: "Not this method",
        409: "Not in this state", 413: "Too large", 422: "A parameter or field is wrong", 429: "Too many requests",
        500: "Unforeseen", 503: "Not available",
    }[status]  # fmt: skip


def _operations(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """What every operation answers, with which headers, and which keys it takes."""
    summary, _, rest = operation.pop("description").partition("\n\n")
    operation["summary"] = summary.strip().rstrip(".")
    operation["description"] = " ".join(rest.split())
    answer = operation["responses"].pop(200)
    answer["headers"] = _limits() | {"ETag": _reference("ETag")}
    if any(one["name"] == "cursor" for one in operation["parameters"]):
        answer["headers"]["Link"] = _reference("Link")
    if path == "/status":
        answer["content"] = {MEDIA: next(iter(answer["content"].values()))}
    is_write = method != "get"
    needs_key = is_write or "collection" in operation["tags"] or path == "/key"
    statuses = (*_OF_ALL, *(_OF_WRITES if is_write else _OF_RESULTS))
    operation["responses"] = {"200": answer} | (
        {} if is_write else {"304": {"description": "Not changed since the ETag that was sent", "headers": _limits()}}
    )
    operation["responses"] |= {
        str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)
    }
    may_take_key = "results" in operation["tags"]
    operation["security"] = [{"key": []}] if needs_key else [{}, {"key": []}] if may_take_key else []
    if is_write:
        operation["responses"]["200"]["headers"].pop("ETag")

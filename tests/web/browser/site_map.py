"""Which pages a person reaches: every address that needs no argument, and from there every link, one of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

HTML = "text/html"


class _Links(HTMLParser):
    """Addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The name of every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        else:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def plain_addresses() -> Iterator[str]:
    """The address of every page that needs no argument."""
    for name in dict.fromkeys(names()):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue


def name_of(address: str) -> str:
    """The name of the page at an address; empty where there is none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def reachable(client: Client) -> dict[str, str]:
    """One address of each kind of page that answers with HTML to the person behind `client`: name → address.

    A link that answers with 404 or a fault of the server is an error of the page that holds it.
    """
    waiting = [(address, "") for address in ("/", *plain_addresses())]
    found: dict[str, str] = {}
    tried: set[str] = set()
    while waiting:
        address, source = waiting.pop(0)
        name = name_of(address)
        if not name or name in found or address in tried:
            continue
        tried.add(address)
        answer: Any = client.get(address)
        assert answer.status_code < 500, address
        assert answer.status_code != 404 or not source, f"{source} leads to {address}, which is not there"
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith(HTML):
            continue
        found[name] = address
        waiting += [(link, address) for link in links(answer, address)]
    return found


def links(answer: HttpResponse, address: str) -> list[str]:
    """The addresses of this site that a page leads to, in their order."""
    page = _Links()
    page.feed(answer.content.decode())
    joined = (urljoin(address, link) for link in page.found)
    return list(dict.fromkeys(link.partition("#")[0] for link in joined if not urlsplit(link).scheme))

"""What visitors of a soaked site do: open pages of all kinds, sign in, write cells of a grid, have a period scored.

Each act says whether it went as it should, so that an error page, a refusal and a broken connection are all errors.
"""

from __future__ import annotations

import http.client
import itertools
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from bench.soak_site import PLANNER, Site
from bench.web_load import HOST

from piramide.demo.people import PASSWORD

AUDITOR: Final = "revisore@example.org"
PATIENCE: Final = 60.0
"""Seconds after which an answer that has not come is an error."""
IDLE: Final = 5.0
"""Seconds after which a visitor takes a new connection, as browsers do: a server closes those that rest."""
STAY: Final = 25
"""Requests after which somebody else comes, with a connection of their own: to either process, as it falls."""
FILES_OPENED: Final = 40
"""How many of the sheets are opened as files before the time is taken; the others are made while it runs."""
_NO_ANSWER: Final = 0
SHARES: Final = {
    "pyramid": 5, "structure sheet": 9, "indicator": 5, "explanation": 3, "history and cluster": 2,
    "spending, quality, plan, projects": 2, "search and help": 2, "grid": 3, "interface for programs": 2,
    "open data": 1, "register": 1, "grid write": 5,
}  # fmt: skip
"""Of 40 requests."""
AT_SECONDS: Final = {"sign-in": (1, 4), "sheet as a file": (3, 5), "scoring job": (2, 60)}
"""In which second first, and how many seconds later again."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do: its kind, the address (of its kind's, the next in turn if empty), when it is due (now if 0)."""

    kind: str
    address: str = ""
    due: float = 0.0


class WrongAnswerError(Exception):
    """An answer that is not the one a visitor expects: what was asked, and what came."""


class Browser:
    """A connection that is kept open and the cookies of one person."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        self.cookies = dict(cookies or {})
        self._used_at = 0.0
        self._asked = 0

    def ask(
        self, address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """Status, body and where it leads; a form is posted with the token of the person's cookie."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Encoding": "gzip"}
        sent |= headers or {}
        body = None
        if form is not None:
            body = urlencode(form)
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookies["csrftoken"]}
        if self._asked == STAY or time.monotonic() - self._used_at > IDLE:
            self._connection.close()
            self._asked = 0
        self._asked += 1
        try:
            self._connection.request("GET" if form is None else "POST", address, body, sent)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return _NO_ANSWER, repr(error).encode(), ""
        self._used_at = time.monotonic()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, text, answer.headers.get("Location", "")

    def want(
        self, status: int, address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[bytes, str]:
        """Body and where it leads. Raises `WrongAnswerError` when the answer has another status."""
        came, body, place = self.ask(address, form, headers)
        if came != status:
            raise WrongAnswerError(f"{address}: {came} instead of {status} {place} {body[:200]!r}")
        return body, place

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def signed_in(port: int, email: str) -> Iterator[Browser]:
    """A browser of somebody of the demonstration, signed in by the form."""
    with closing(Browser(port)) as browser:
        browser.want(200, "/accesso/login/")
        browser.want(302, "/accesso/login/", {"login": email, "password": PASSWORD})
        browser.want(200, "/account/")
        yield browser


@dataclass(frozen=True, slots=True)
class Desk:
    """The browsers of one visitor at a time: somebody who plans, and somebody who reads the register."""

    planner: Browser
    auditor: Browser


@dataclass(slots=True)
class Cells:
    """The cells that are written, each by one visitor at a time, and what the site said that it kept."""

    free: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    seen: dict[int, int] = field(default_factory=dict)
    accepted: dict[int, list[str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def write(self, browser: Browser) -> None:
        """Write one cell anew; it counts as accepted when the site says so."""
        key = self.free.get()
        try:
            value = f"1.{next(self.numbers):06d}1"
            form = {"value": value.replace(".", ","), "status": "measured", "note": "", "seen": self.seen.get(key, 0)}
            named = {f"{name}-{key}": str(content) for name, content in form.items()}
            body, _ = browser.want(200, f"/raccolta/celle/{key}/", named, {"Accept-Encoding": "identity"})
            self.seen[key] = int(body.split(b'"seen":')[1].split(b",")[0])
            self.accepted.setdefault(key, []).append(value)
        finally:
            self.free.put(key)


def kinds(rate: float, seconds: float) -> Iterator[str]:
    """The kind of each request in order: `rate` of them a second, those at their seconds in the place of others."""
    evenly = sorted((place / share, kind) for kind, share in SHARES.items() for place in range(1, share + 1))
    usual = itertools.cycle([kind for _place, kind in evenly])
    before, due = -1, list[str]()
    for number in range(int(rate * seconds)):
        second = int(number / rate)
        if second != before:
            due = [kind for kind, (first, every) in AT_SECONDS.items()
                   if second >= first and (second - first) % every == 0]  # fmt: skip
            before = second
        yield due.pop() if due else next(usual)


def _pages(told: Mapping[str, Any]) -> dict[str, list[str]]:
    """Addresses by kind."""
    places, indicators, run, number = told["structures"], told["indicators"], told["run"], told["open"]
    files = f"/dati-aperti/esecuzioni/{run}"
    return {
        "pyramid": ["/", "/en/", *(f"/?periodo={period}" for period in told["periods"])],
        "structure sheet": [f"/strutture/{name}/" for name in places],
        "indicator": [f"/indicatori/{name}/" for name in indicators],
        "explanation": [f"/strutture/{place}/spiegazione/{node}/" for place, node in told["nodes"]],
        "history and cluster": [f"/strutture/{name}/{page}/" for name in places for page in ("storia", "cluster")],
        "spending, quality, plan, projects": [
            "/spesa/nazionale/", "/qualita/nazionale/", "/piano/", "/progetti/", "/calendario/",
        ],
        "search and help": [f"/cerca/?q={name[:4]}" for name in places[:20]] + ["/guida/", "/guida/glossario/"],
        "grid": [f"/raccolta/{number}/valori/{name}/" for name in told["sheets"]],
        "interface for programs": [f"/api/v1/runs/{run}/structures/{name}" for name in places],
        "open data": [
            "/dati-aperti/", "/dati-aperti/catalogo.rdf", f"{files}/risultati.csv", f"{files}/",
        ],
        "register": ["/registro/", "/vigilanza/"],
        "sheet as a file": [f"/strutture/{name}/scheda.{end}" for name in places for end in ("pdf", "xlsx")],
    }  # fmt: skip


class Visits:
    """Acts by kind. What is regular is asked in turn, in the shares of a busy day; the rest at its seconds."""

    def __init__(self, site: Site, port: int) -> None:
        self.cells = Cells()
        for key in site.told["asks"]:
            self.cells.free.put(key)
        self._site, self._port = site, port
        with signed_in(port, PLANNER) as planner, signed_in(port, AUDITOR) as auditor:
            self._cookies = planner.cookies, auditor.cookies
        self._lock = threading.Lock()
        self._pages = _pages(site.told)
        self._turns: dict[str, Iterator[str]] = {kind: itertools.cycle(found) for kind, found in self._pages.items()}

    def every_page(self) -> list[Act]:
        """Every page once, and some sheets as files, those of a kind far apart."""
        pages = {**self._pages, "sheet as a file": self._pages["sheet as a file"][:FILES_OPENED]}
        spread = sorted((at / len(found), kind, page) for kind, found in pages.items() for at, page in enumerate(found))
        return [Act(kind, page) for _at, kind, page in spread]

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk for one thread; its connections end with it."""
        planner, auditor = (Browser(self._port, cookies) for cookies in self._cookies)
        with closing(planner), closing(auditor):
            yield Desk(planner, auditor)

    def do(self, act: Act, desk: Desk) -> None:
        """Do one. Raises `WrongAnswerError` when the site answers otherwise than it should."""
        if act.kind == "sign-in":
            with signed_in(self._port, PLANNER) as newcomer:
                newcomer.want(302, "/accesso/uscita/", {})
        elif act.kind == "grid write":
            self.cells.write(desk.planner)
        elif act.kind == "scoring job":
            desk.planner.want(302, f"/raccolta/{self._site.told['closed']}/calcola/", {})
        else:
            browser = desk.auditor if act.kind == "register" else desk.planner
            programs = {"Authorization": f"Bearer {self._site.told['key']}"}
            is_of_programs = act.kind == "interface for programs"
            browser.want(200, act.address or self._next(act.kind), None, programs if is_of_programs else None)

    def _next(self, kind: str) -> str:
        with self._lock:
            return next(self._turns[kind])

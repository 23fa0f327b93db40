"""`piramide upgrade`, `serve`, `worker`, `housekeeping`, `administrator`, `verify --audit`: the site.

Importing this module wakes Django up: `main` does when one of these commands is asked for, so that no other waits.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import typer
from rich.console import Console

import piramide.web.boot  # noqa: F401 - before anything that knows a model
from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.backup import Backup
from piramide.cycle.verification.verify import Verification
from piramide.demo.duties import invented_work
from piramide.demo.people import PASSWORD, PUBLISHED_UNTIL, people
from piramide.kernel.findings import refuse
from piramide.kernel.progress import silent
from piramide.web import backup as saving
from piramide.web import operations
from piramide.web.demonstration.waiting_work import begin, publish_older
from piramide.web.demonstration.work import prepare_older_months

UNFAVOURABLE = 1
SHORTEST_PASSWORD = 12


def upgrade() -> None:
    """Bring store, database and files up to date; in a demonstration, make its users and say their password loudly."""
    bar, label = _bar(), say("answer.store_upgrading")
    forward = operations.bring_store_forward(
        lambda done, of: bar(label, done, of), lambda: terminal.tell(say("answer.facts_waiting"))
    )
    if forward:
        terminal.print_text(say("answer.store_upgraded", form=forward[-1]))
    _add_exact_figures()
    runs = operations.upgrade()
    terminal.print_text(say("answer.upgraded", runs=runs))
    if operations.is_demonstration():
        operations.welcome(people(), PASSWORD)
        terminal.tell(say("answer.demo_users", password=PASSWORD))
        work = invented_work()
        publishing = say("answer.demo_publishing")
        publish_older(work, date.fromisoformat(PUBLISHED_UNTIL), lambda done, of: bar(publishing, done, of))
        begin(work)
        if prepare_older_months():
            terminal.print_text(say("answer.demo_preparing"))
        for person in people():
            terminal.print_text(f"  {person.email}  {person.name}")


def _add_exact_figures() -> None:
    """Lay exact figures beside old runs, and say what came of it; nothing is said where all have them."""
    bar, label = _bar(), say("answer.exact_adding")
    added = operations.add_exact_figures_of_runs(lambda done, of: bar(label, done, of))
    if added.runs:
        terminal.print_text(say("answer.exact_added", runs=added.runs, figures=added.figures, whole=added.whole))
    if added.left:
        terminal.print_text(say("answer.exact_left", left=added.left, runs=added.runs - added.whole))
    for run in added.refused:
        terminal.print_text(say("answer.exact_refused", run=run[:8]))
    for run in added.touched:
        terminal.tell(say("answer.exact_touched", run=run[:8]))


def backup(file: Path, *, as_json: bool) -> None:
    """Save the whole installation in one file."""
    kept = saving.save(file, silent if as_json else _bar())
    _tell_kept(kept, "answer.saved", file, as_json=as_json)
    terminal.tell_findings(kept.findings)
    if kept.names(saving.SITE) and not saving.has_secrets(kept):
        terminal.tell(say("answer.saved_without_secrets"))


def restore(file: Path, *, without_secrets: bool, as_json: bool) -> None:
    """Restore an installation into an empty one."""
    kept = saving.restore(file, silent if as_json else _bar(), without_secrets=without_secrets)
    _tell_kept(kept, "answer.restored", file, as_json=as_json)
    if saving.must_set_again():
        terminal.tell(say("answer.restored_without_secrets"))


def _bar() -> Callable[[str, int, int], None]:
    """A line that says how far it is, where somebody looks."""
    console = Console(stderr=True)

    def tell(step: str, done: int, of: int) -> None:
        if console.is_terminal and of:
            console.print(f"{100 * done // of:3d}% {step[:60]:60}", end="\r")

    return tell


def _tell_kept(kept: Backup, key: str, file: Path, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(
            {"file": str(file), "files": len(kept.files), "bytes": kept.size, "made_with": kept.made_with, **kept.notes}
        )
    else:
        size = terminal.figure(Fraction(kept.size, 10**6))
        terminal.print_text(say(key, file=file, count=len(kept.files), size=size))


def serve(host: str, port: int, workers: int, threads: int, *, with_worker: bool) -> int:
    """Serve until stopped; the address is told when it can be opened."""
    operations.refuse_if_behind()

    def tell() -> None:
        terminal.print_text(say("answer.serving", address=f"http://{host}:{port}/"))
        sys.stdout.flush()  # who waits for the line may read it through a pipe

    return int(operations.serve(host, port, workers, threads, tell, with_worker=with_worker))


def worker() -> None:
    """Do background jobs until stopped."""
    operations.refuse_if_behind()
    operations.work()


def housekeeping(*, as_json: bool) -> int:
    """Remind and tidy up; the exit code says whether all mail left."""
    operations.refuse_if_behind()
    done = operations.keep_house()
    if as_json:
        terminal.print_json(
            {"messages": done.messages, "mails": done.mails, "failures": done.failures, "deleted": done.deleted}
        )
    else:
        words = {"messages": done.messages, "mails": done.mails, "deleted": done.deleted}
        terminal.print_text(say("answer.housekeeping_done", **words))
    if done.failures:
        terminal.tell(say("answer.housekeeping_failed", failures=done.failures))
    return UNFAVOURABLE if done.failures else 0


def administrator(email: str, name: str) -> None:
    """Make the first administrator; the password is typed, or read from the environment."""
    operations.refuse_if_behind()
    password = os.environ.get("PIRAMIDE_PASSWORD", "")
    if not password:
        if not sys.stdin.isatty():
            raise refuse("SI007")
        password = getpass.getpass(say("answer.password"))
    if len(password) < SHORTEST_PASSWORD:
        raise refuse("SI002", least=SHORTEST_PASSWORD)
    operations.make_administrator(email, name or email, password)
    terminal.print_text(say("answer.administrator_made", email=email))


def note_verified(answer: Verification, store: Path) -> None:
    """Tell the site of a run that was recomputed here down to its facts.

    Publication asks for a verification: that of the command line counts as one asked for on a page.
    """
    noted = operations.note_verified(answer, store)
    if noted is not False:
        terminal.tell(say("answer.verified_on_site" if noted else "answer.not_verified_on_site"))


def verify_audit(expected: str, *, as_json: bool) -> None:
    """Walk the register of changes and say whether it is whole, and still what a head kept elsewhere says."""
    report = operations.verify_audit(expected)
    if as_json:
        body = {"audit": report.is_whole, "rows": report.rows, "head": report.head}
        terminal.print_json(body if report.is_whole else body | {"broken_at": report.broken_at, "fault": report.fault})
    elif report.is_whole:
        terminal.print_text(say("answer.audit_whole", rows=report.rows, head=report.head))
    else:
        terminal.print_text(say(f"answer.audit_{report.fault}", row=report.broken_at))
    if not report.is_whole:
        raise typer.Exit(UNFAVOURABLE)

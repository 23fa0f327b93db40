"""`piramide verify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import typer

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.assignments import assignment_folders, touched_assignments
from piramide.cycle.planning.kept import plan_folders
from piramide.cycle.runs.store import SHORTEST_PREFIX, Store
from piramide.cycle.verification.verify import Difference, Verification
from piramide.cycle.verification.verify import verify as verify_run
from piramide.kernel.findings import Refusal

UNFAVOURABLE = 1


def verify(prefix: str, store: Path, *, with_facts: bool, as_json: bool) -> None:
    """Recompute a run and say whether it is what it says; `with_facts` down to the loads it was measured from.

    A kept plan, by its id or its folder, is verified as a plan, an assignment as the sheets that were issued.
    """
    if os.sep in prefix or Path(prefix).exists():
        from piramide.cli import plan

        plan.verify(Path(prefix), as_json=as_json)
        return
    if len(plans := plan_folders(store, prefix.lower())) == 1:
        from piramide.cli import plan

        plan.verify(plans[0], as_json=as_json)
        return
    if len(prefix) >= SHORTEST_PREFIX and len(found := assignment_folders(store, prefix)) == 1:
        _verify_assignment(store, found[0].name, as_json=as_json)
        return
    answer = verify_run(Store(store), prefix, with_facts=with_facts)
    difference = answer.difference
    if as_json:
        terminal.print_json(_as_json(answer))
    elif difference is None:
        terminal.print_text(say("answer.verified", run=answer.run))
        _tell_rules(answer)
        _tell_exact(answer)
    else:
        terminal.print_text(say("answer.not_verified", run=answer.run, what=_words(difference)))
    if answer.made_with != answer.verified_with and not as_json:
        terminal.tell(say("answer.newer_code", then=answer.made_with, now=answer.verified_with))
    if answer.facts is not None or (with_facts and difference is not None):
        _note_on_site(answer, store)
    if difference is not None:
        raise typer.Exit(UNFAVOURABLE)


def _verify_assignment(store: Path, name: str, *, as_json: bool) -> None:
    """Say whether the sheets that an act gave are those that were kept."""
    findings = list(touched_assignments(store, name))
    if as_json:
        body: dict[str, Any] = {"assignment": name, "verified": not findings}
        terminal.print_json(body | ({"difference": {"file": str(findings[0].place)}} if findings else {}))
    elif findings:
        terminal.print_text(findings[0].message())
    else:
        terminal.print_text(say("answer.assignment_verified", assignment=name))
    if findings:
        raise typer.Exit(UNFAVOURABLE)


def _note_on_site(answer: Verification, store: Path) -> None:
    """Let the site know, where this machine has its database; the answer stands whatever the site says."""
    data = Path(os.environ.get("PIRAMIDE_DATA") or "site-data")
    is_here = "PIRAMIDE_DATABASE_URL" in os.environ or (data / "piramide.sqlite3").is_file()
    if not is_here:
        return
    try:
        from piramide.cli import site

        site.note_verified(answer, store)
    except Refusal as refusal:
        for finding in refusal.findings:
            terminal.tell(f"{finding.code}: {finding.message()}")


def _as_json(answer: Verification) -> dict[str, Any]:
    body: dict[str, Any] = {"run": answer.run, "verified": answer.verified, "code": answer.verified_with}
    body |= {"made_with": answer.made_with, "rules": answer.rules}
    body["rules_since"] = answer.rules_since.isoformat() if answer.rules_since else None
    body["changed_since"] = [change.as_json() for change in answer.changes]
    if answer.facts is not None:
        body["facts"] = answer.facts.as_json()
    if answer.exact is not None:
        body["exact"] = answer.exact.as_json()
    return body if answer.difference is None else body | {"difference": answer.difference.as_json()}


def _tell_rules(answer: Verification) -> None:
    """Under which rules, what they say otherwise today, and how far down the facts were looked at."""
    if answer.is_of_earlier_rules and answer.rules_since:
        terminal.print_text(say("answer.verified_rules", day=answer.rules_since))
        if answer.changes:
            terminal.print_text(say("answer.rules_differ"))
        for change in answer.changes:
            terminal.print_text(
                say(
                    "answer.rule_changed",
                    rule=change.rule,
                    cells=change.cells,
                    structure=change.structure,
                    node=f"{change.node or '–'}.{change.column}",
                    kept=change.kept,
                    recomputed="–" if change.recomputed is None else change.recomputed,
                )
            )
    if facts := answer.facts:
        terminal.print_text(say("answer.facts_proved", loads=facts.loads))
        if facts.since:
            terminal.print_text(say("answer.facts_sealed_since", day=facts.since))


def _tell_exact(answer: Verification) -> None:
    """Which of the figures that are printed of an old run are exact, and since when."""
    exact = answer.exact
    if exact is None:
        return
    terminal.print_text(say("answer.exact_beside", day=exact.day, figures=exact.figures))
    if exact.left:
        columns = ", ".join(f"{name} {count}" for name, count in exact.columns.items())
        key = "answer.exact_beside_refused" if exact.problem else "answer.exact_beside_left"
        terminal.print_text(say(key, left=exact.left, columns=columns, problem=exact.problem))


def _words(difference: Difference) -> str:
    key = "answer.differs_cell" if difference.structure else "answer.differs_file"
    return say(
        key,
        file=difference.file,
        structure=difference.structure,
        node=f"{difference.node or '–'}.{difference.column}",
        kept=difference.kept,
        recomputed=difference.recomputed,
    )

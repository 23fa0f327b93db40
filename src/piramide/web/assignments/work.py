"""Issuing sheets in the background: every sheet of the act, or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.assignments import AssignmentAct
from piramide.kernel.findings import refuse
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action
from piramide.web.assignments.issuing import Issuing, issue
from piramide.web.jobs.kinds import Outcome, Progress, work

KIND: Final = "assignments"


@work(KIND, gettext_lazy("Assegnazione delle schede"), Action.ISSUE_SHEETS)
def issue_work(progress: Progress, arguments: dict[str, Any]) -> Outcome:
    """Issue the sheets that the arguments say; the signed document is removed once it is kept."""
    path = Path(arguments["signed"]) if arguments["signed"] else None
    if path is not None and not path.is_file():
        raise refuse("SI006")
    act = AssignmentAct(
        arguments["number"], date.fromisoformat(arguments["day"]), date.fromisoformat(arguments["holds_from"]),
        arguments["issuer"], arguments["protocol"], path.read_bytes() if path else b"", arguments["signed_by"],
    )  # fmt: skip
    asked = Issuing(act, date.fromisoformat(arguments["answer_by"]), tuple(arguments["structures"]), arguments["kind"])
    made = issue(User.objects.get(pk=arguments["user"]), asked, progress)
    if path is not None:
        path.unlink(missing_ok=True)
    text = _("Schede assegnate con l'atto %(act)s: %(count)s.") % {"act": made.number, "count": made.sheets.count()}
    return Outcome(text, reverse("assignments:index"))

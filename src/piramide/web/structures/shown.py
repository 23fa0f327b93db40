"""What a page of a structure shows: the structure, the run, and how its links keep that choice."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.http import urlencode

from piramide.kernel.organisation import OrganisationOnDay, Structure
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import access
from piramide.web.accounts.roles import Action
from piramide.web.house.pages import PageKey
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import Chosen, choose


@dataclass(frozen=True, slots=True)
class Shown:
    """One structure in one run. `choice` is the query that keeps the run in links, empty when none was chosen."""

    structure: str
    chosen: Chosen
    choice: str

    @property
    def record(self) -> RunRecord:
        """The run as the site knows it."""
        return self.chosen.record

    def key(self, page: str, *choices: str, rights: str = "") -> PageKey:
        """The key of a text of this structure: which run, after which others, asked for how."""
        return self.chosen.key(page, self.structure, self.choice, *choices, rights=rights)

    def key_among_all(self, page: str, *choices: str) -> PageKey:
        """The key of a text that leads to later periods too."""
        return self.chosen.key_among_all(page, self.structure, self.choice, *choices)

    @property
    def has_sheet(self) -> bool:
        """Whether the run scores the structure."""
        return (self.structure, "") in self.chosen.figures.rows

    @property
    def organisation(self) -> OrganisationOnDay:
        """The tree of the last day of the period."""
        return organisation_on(self.record.ends_on)

    @property
    def place(self) -> Structure:
        """The structure in the tree of the period, else of its own last day."""
        return self.organisation[self.structure]

    @property
    def pinned(self) -> str:
        """The query that names this very run: for links that must always show the same figures."""
        return urlencode({"run": self.record.run[:12]})


def shown_structure(request: HttpRequest, structure: str) -> Shown | None:
    """The structure and the run that a request asks for; `None` when no run may be seen yet.

    404 for a structure that does not exist, 403 for a run that the person may not read there.
    """
    chosen = choose(request, structure)
    if chosen is None:
        if structure not in access(request).organisation:
            raise Http404(structure)
        return None
    found = Shown(structure, chosen, _choice(request, chosen.record))
    if structure not in found.organisation:
        raise Http404(structure)
    return found


def _choice(request: HttpRequest, record: RunRecord) -> str:
    """The run or the period asked for, from the record found: nothing that a person typed is printed."""
    if request.GET.get("run"):
        return urlencode({"run": record.run[:12]})
    return urlencode({"periodo": record.period}) if request.GET.get("periodo") else ""


def may_compare(person: Access, record: RunRecord) -> bool:
    """Whether a person may read in a run the results of every structure, and so see one among the others."""
    return record.is_published or person.may_everywhere(Action.READ_RESULTS)

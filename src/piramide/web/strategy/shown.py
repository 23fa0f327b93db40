"""What a page of the chain shows: the plan, the run that tells how its lines stand, and how links keep the choice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from piramide.cycle.chain import ChainOfPlan
from piramide.methodology.model import Pack
from piramide.web.accounts.guards import access
from piramide.web.accounts.roles import Action
from piramide.web.house.pages import PageKey
from piramide.web.plans_in_force import plan, plan_called
from piramide.web.results.registry import Chosen, choose, newest_of_plan


@dataclass(frozen=True)
class ShownChain:
    """The chain of a plan on a page.

    `chosen` is the run that tells how what carries its lines stands, `None` where none may be read; `choice` the query
    that keeps it in links; `has_projects` whether links lead to pages of projects, which only some may read.
    """

    pack: Pack
    chosen: Chosen | None
    choice: str
    has_projects: bool

    @cached_property
    def chain(self) -> ChainOfPlan:
        """The chain, with how it stands in the run."""
        return ChainOfPlan(self.pack, self.chosen.figures if self.chosen else None)

    @cached_property
    def structures(self) -> dict[str, str]:
        """Labels of structures by id, the latest of each."""
        return {version.id: version.label for version in self.pack.organisation.versions}

    @property
    def pinned(self) -> str:
        """The query that names this very run; empty without one."""
        return urlencode({"run": self.chosen.record.run[:12]}) if self.chosen else ""

    def key(self, page: str, *choices: str) -> PageKey:
        """The key of a text of this chain: the plan, the run, what the reader may open."""
        rights = "projects" if self.has_projects else ""
        told = (self.pack.id, self.pack.hash, self.choice, *choices)
        if self.chosen:
            return self.chosen.key(f"strategy.{page}", *told, rights=rights)
        return PageKey(page=f"strategy.{page}", run="", published="", rights=rights, choices=told)

    def address(self, code: str) -> str:
        """The page of a line."""
        return self._with_choice(reverse("strategy:line", args=[self.pack.id, code]))

    def of_structure(self, structure: str) -> str:
        """The sheet of a structure in the run; empty where the run does not hold it."""
        if self.chosen is None or (structure, "") not in self.chosen.figures.rows:
            return ""
        return f"{reverse('structures:sheet', args=[structure])}?{self.pinned}"

    def of_node(self, structure: str, node: str) -> str:
        """The explanation of a node in the run; empty where the run does not hold it."""
        if not node or self.chosen is None or (structure, node) not in self.chosen.figures.rows:
            return ""
        return f"{reverse('structures:explanation', args=[structure, node])}?{self.pinned}"

    def of_project(self, structure: str, code: str) -> str:
        """The page of a project of the plan in force; empty for who may not read it."""
        return reverse("projects:project", args=[structure, code]) if self.has_projects else ""

    def _with_choice(self, address: str) -> str:
        return f"{address}?{self.choice}" if self.choice else address


def shown_chain(request: HttpRequest, name: str = "") -> ShownChain:
    """The chain that a request asks for: of the plan called `name`, else of the plan behind the run chosen.

    404 for a plan that is not there, 403 for a run that the person may not read.
    """
    person = access(request)
    top = person.tops()[0]
    chosen = choose(request, top)
    if not name:
        pack = _with_chain(chosen.pack) if chosen else plan()
    elif chosen and chosen.record.pack == name:
        pack = _with_chain(chosen.pack)
    else:
        pack, chosen = plan_called(name), newest_of_plan(person, top, name)
    may_open = person.may(Action.READ_RESULTS, top) and pack.id == plan().id
    return ShownChain(pack, chosen, _choice(request, chosen), may_open)


def _with_chain(pack: Pack) -> Pack:
    """The plan that a run kept; one that said nothing of a chain yet, as the installation has it now."""
    if pack.chain.levels:
        return pack
    try:
        return plan_called(pack.id)
    except Http404:  # a run of a plan that is not here
        return pack


def _choice(request: HttpRequest, chosen: Chosen | None) -> str:
    """The run or the period asked for, from the record found: nothing that a person typed is printed."""
    if chosen and request.GET.get("run"):
        return urlencode({"run": chosen.record.run[:12]})
    return urlencode({"periodo": chosen.record.period}) if chosen and request.GET.get("periodo") else ""

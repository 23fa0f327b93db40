"""What a person does with the checklist: reads the page, and writes a reason beside each line that asks for one."""

from __future__ import annotations

import re

from django.test import Client

from piramide.web.oversight.last_look.checklist import Answers, checklist_of
from piramide.web.results.models import RunRecord

REASON = "Guardato con la sede, che risponde entro il mese."


def asked_on(page: str) -> list[str]:
    """Ids of the lines that ask for a reason, in the order of the page."""
    return re.findall(r'name="reason\.([a-z_]+)"', page)


def answered(client: Client, address: str, reason: str = REASON) -> dict[str, str]:
    """The fields of the checklist as somebody sends them who reads the page and gives every line the same reason."""
    page = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    reasons = {f"reason.{line}": reason for line in asked_on(page)}
    return ({"seen": seen[1]} if seen else {}) | reasons


def answers(run: RunRecord) -> Answers:
    """The same for who calls the act itself."""
    checklist = checklist_of(run)
    return Answers(checklist.digest, {seen.line.id: REASON for seen in checklist.asking})

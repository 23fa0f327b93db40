"""The site under test, and the people who may enter it."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Role


@dataclass(frozen=True)
class Site:
    """The address of the site under test, and the people who may enter."""

    origin: str

    def client(self, role: Role | None, structure: str = "") -> Client:
        """Somebody with a role, without a browser."""
        client = Client()
        if role is not None:
            client.force_login(self.person(role, structure))
        return client

    @staticmethod
    def person(role: Role, structure: str = "") -> User:
        """The invented person who holds a role."""
        held = User.objects.filter(grants__role=role).order_by("pk")
        found = held.filter(grants__structure=structure) if structure else held
        return found[0]

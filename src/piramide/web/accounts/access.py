"""What a person may do, where: one frozen value per request, asked by every guard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from piramide.kernel.organisation import OrganisationOnDay
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import ACTIONS, Action, Role


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in force today on a structure and everything below it."""

    role: Role
    structure: str
    until: date | None = None
    is_delegated: bool = False

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds, as pages say it."""
        return self.until - timedelta(days=1) if self.until else None


@dataclass(frozen=True, slots=True)
class Access:
    """The roles of one person on one day, in the organisation of that day. Nobody signed in holds none.

    `as_published` is the run that somebody looks at as everybody will once it is published; they are then nobody.
    """

    user: User | None
    roles: tuple[HeldRole, ...]
    organisation: OrganisationOnDay
    as_published: str = field(default="", kw_only=True)

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is there."""
        return self.user is not None

    def may(self, action: Action, structure: str | None = None) -> bool:
        """Whether `action` is allowed on `structure`; without one, anywhere at all."""
        return any(
            action in ACTIONS[held.role] and (structure is None or self._covers(held.structure, structure))
            for held in self.roles
        )

    def may_everywhere(self, action: Action) -> bool:
        """Whether `action` is allowed on the top of the organisation; nothing is where there is none."""
        tops = self.tops()
        return bool(tops) and all(self.may(action, top) for top in tops)

    def tops(self) -> tuple[str, ...]:
        """The structures that have none above."""
        return tuple(s.id for s in self.organisation.structures.values() if not s.parent)

    def structures(self, action: Action) -> tuple[str, ...]:
        """Ids of every structure on which `action` is allowed, in the order of the organisation."""
        return tuple(s for s in self.organisation.structures if self.may(action, s))

    def has(self, role: Role) -> bool:
        """Whether the role is held somewhere."""
        return any(held.role == role for held in self.roles)

    def _covers(self, above: str, structure: str) -> bool:
        if above == structure:
            return True
        return structure in self.organisation and above in self.organisation.ancestors(structure)


def access_of(user: User | None, day: date, organisation: OrganisationOnDay) -> Access:
    """The access of `user` on `day`: one query, two for who holds a role by delegation."""
    if user is None:
        return Access(None, (), organisation)
    # Put into order here: each page asks, and Django takes longer to write an order than these few take to be sorted.
    asked = Grant.objects.filter(user=user, revoked_at=None).order_by()
    grants = list(asked)
    if any(grant.delegated_from_id is not None for grant in grants):
        grants = list(asked.select_related("delegated_from__delegated_from"))
    held = (
        HeldRole(Role(grant.role), grant.structure, grant.until, grant.delegated_from_id is not None)
        for grant in sorted(grants, key=_by_role)
        if grant.holds_on(day)
    )
    return Access(user, tuple(held), organisation)


def _by_role(grant: Grant) -> tuple[str, str, int]:
    return grant.role, grant.structure, grant.pk

"""People, and the roles they hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piramide.web.accounts.roles import Role
from piramide.web.audit.chain import PROGRAM


class People(BaseUserManager["User"]):
    """Making people."""

    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in with `email`; without a password only the institute's provider lets them in."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who may sign in. What they may do is in their grants."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nome e cognome"), max_length=150)
    is_active = models.BooleanField(_("può accedere"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name as people write it."""
        return self.name


def named(user: User | None) -> str:
    """How who changes something stands in the register of changes: name and e-mail of that day, else the program."""
    return f"{user.name} <{user.email}>" if user else PROGRAM


class Grant(models.Model):
    """A role that a person holds on a structure and all that is below it, from a day until another (excluded).

    A delegation is a grant that names the one it comes from: it never reaches further, in structure or time.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(_("ruolo"), max_length=20, choices=Role)
    structure = models.CharField(_("struttura"), max_length=100)
    since = models.DateField(_("dal"))
    until = models.DateField(_("fino al"), null=True, blank=True)
    reason = models.CharField(_("motivo o atto"), max_length=300, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="given_grants")
    delegated_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["user", "role", "structure"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="grant_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.structure}"

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds, as pages say it."""
        return self.until - timedelta(days=1) if self.until else None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on `day`; a delegation ends with the grant it comes from."""
        if self.revoked_at is not None or day < self.since or (self.until is not None and day >= self.until):
            return False
        return self.delegated_from is None or self.delegated_from.holds_on(day)

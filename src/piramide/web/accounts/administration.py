"""What is done to people and their roles: each a verb, checked against what the doer may, written in the register.

A refusal is a `ValidationError` in the words of the page, on the field it concerns where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from piramide.web.accounts.access import Access
from piramide.web.accounts.models import Grant, User, named
from piramide.web.accounts.roles import Action, Role
from piramide.web.audit.chain import Change, one_writer, record

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A role that somebody is to hold on `structure` from `since` to `last_day` (both included), and why."""

    role: Role
    structure: str
    since: date
    last_day: date | None
    reason: str

    @property
    def until(self) -> date | None:
        """The first day on which it does not hold any more."""
        return self.last_day + ONE_DAY if self.last_day else None


def _doer(doer: Access) -> User:
    if doer.user is None:
        raise PermissionDenied
    return doer.user


def _told(grant: Grant) -> dict[str, str | None]:
    return {
        "user": grant.user.email,
        "role": grant.role,
        "structure": grant.structure,
        "since": grant.since.isoformat(),
        "until": grant.until.isoformat() if grant.until else None,
    }


def _hold(grant: Grant, *fields: str) -> None:
    """Let nobody else change roles until the transaction ends, and read again what may have changed until now."""
    one_writer()
    grant.refresh_from_db(fields=fields)


@transaction.atomic
def invite(doer: Access, email: str, name: str) -> User:
    """Register somebody, without a password: they choose it from the mail that the caller sends."""
    by = _doer(doer)
    one_writer()
    if User.objects.filter(email=email.lower()).exists():
        raise ValidationError({"email": _("Questa persona è già registrata: cercala nell'elenco.")})
    user = User.objects.create_user(email, name)
    record(named(by), Change("person.invited", f"person:{user.pk}", after={"email": user.email, "name": name}))
    return user


@transaction.atomic
def give(doer: Access, user: User, wish: Wish) -> Grant:
    """Give a role. Nobody gives roles to themselves, nor on a structure outside what they administer."""
    by = _doer(doer)
    one_writer()
    if by.pk == user.pk:
        raise ValidationError(_("Nessuno dà un ruolo a se stesso: chiedilo a un altro amministratore."))
    if wish.structure not in doer.organisation or not doer.may(Action.MANAGE_USERS, wish.structure):
        raise ValidationError({"structure": _("Questa struttura non è fra quelle che amministri.")})
    _refuse_wrong_days(wish)
    _refuse_a_second(user, wish)
    grant = Grant.objects.create(
        user=user, role=wish.role, structure=wish.structure, since=wish.since, until=wish.until, reason=wish.reason,
        given_by=by,
    )  # fmt: skip
    record(
        named(by),
        Change("grant.given", f"grant:{grant.pk}", grant.structure, after=_told(grant), reason=grant.reason),
    )
    return grant


def _refuse_wrong_days(wish: Wish) -> None:
    if wish.last_day is not None and wish.last_day < wish.since:
        raise ValidationError({"last_day": _("L'ultimo giorno viene prima del primo.")})


def _refuse_a_second(user: User, wish: Wish) -> None:
    """The same role on the same structure twice at a time says nothing more."""
    same = Grant.objects.filter(user=user, role=wish.role, structure=wish.structure, revoked_at=None)
    for grant in same:
        starts_after = wish.until is not None and grant.since >= wish.until
        ends_before = grant.until is not None and grant.until <= wish.since
        if not starts_after and not ends_before:
            raise ValidationError(_("Questa persona ha già questo ruolo su questa struttura in quei giorni."))


@transaction.atomic
def take(doer: Access, grant: Grant, reason: str) -> None:
    """Take a role away, from now on, with every delegation that comes from it."""
    by = _doer(doer)
    _hold(grant, "revoked_at")
    is_own_delegation = grant.delegated_from is not None and grant.delegated_from.user_id == by.pk
    if not is_own_delegation and not doer.may(Action.MANAGE_USERS, grant.structure):
        raise PermissionDenied(Action.MANAGE_USERS.value)
    if grant.revoked_at is not None:
        raise ValidationError(_("Questo ruolo è già stato tolto."))
    if grant.role == Role.ADMINISTRATOR and is_last_administrator(doer, grant):
        raise ValidationError(
            _("È l'ultimo amministratore di tutta l'organizzazione: prima danne il ruolo a un altro.")
        )
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at"])
    record(named(by), Change("grant.taken", f"grant:{grant.pk}", grant.structure, before=_told(grant), reason=reason))


def is_last_administrator(doer: Access, grant: Grant, *, of_person: User | None = None) -> bool:
    """Whether without `grant` (or without `of_person`) nobody would administer the whole organisation today."""
    today = timezone.localdate()
    if grant.structure not in doer.tops() or not grant.holds_on(today):
        return False
    others = Grant.objects.filter(
        role=Role.ADMINISTRATOR, structure=grant.structure, revoked_at=None, user__is_active=True
    )
    others = others.exclude(user=of_person) if of_person else others.exclude(pk=grant.pk)
    return not any(other.holds_on(today) and other.delegated_from is None for other in others)


@transaction.atomic
def give_back(doer: Access, grant: Grant) -> None:
    """Undo the taking of a role, on the same day."""
    by = _doer(doer)
    _hold(grant, "revoked_at")
    is_own_delegation = grant.delegated_from is not None and grant.delegated_from.user_id == by.pk
    if not is_own_delegation and (not doer.may(Action.MANAGE_USERS, grant.structure) or grant.user_id == by.pk):
        raise PermissionDenied(Action.MANAGE_USERS.value)
    if grant.revoked_at is None or timezone.localdate(grant.revoked_at) != timezone.localdate():
        raise ValidationError(_("Si può annullare solo nello stesso giorno: ora va dato di nuovo."))
    grant.revoked_at = None
    grant.save(update_fields=["revoked_at"])
    record(named(by), Change("grant.given_back", f"grant:{grant.pk}", grant.structure, after=_told(grant)))


@transaction.atomic
def delegate(doer: Access, source: Grant, to: User, wish: Wish) -> Grant:
    """Lend a role that one holds, on it or below, until a day. A delegation is not delegated again."""
    by = _doer(doer)
    one_writer()
    if source.user_id != by.pk:
        raise PermissionDenied
    if source.delegated_from_id is not None:
        raise ValidationError(_("Una delega non si delega a sua volta: chiedi a chi te l'ha data."))
    if not source.holds_on(timezone.localdate()):
        raise ValidationError(_("Questo tuo ruolo non è in vigore oggi."))
    if to.pk == by.pk or not to.is_active:
        raise ValidationError({"email": _("Scegli un'altra persona registrata che possa accedere.")})
    _refuse_wrong_days(wish)
    _refuse_reaching_further(doer, source, wish)
    _refuse_a_second(to, wish)
    grant = Grant.objects.create(
        user=to, role=source.role, structure=wish.structure, since=wish.since, until=wish.until, reason=wish.reason,
        given_by=by, delegated_from=source,
    )  # fmt: skip
    record(
        named(by),
        Change("grant.delegated", f"grant:{grant.pk}", grant.structure, after=_told(grant), reason=grant.reason),
    )
    return grant


def _refuse_reaching_further(doer: Access, source: Grant, wish: Wish) -> None:
    tree = doer.organisation
    is_below = wish.structure in tree and (
        wish.structure == source.structure or source.structure in tree.ancestors(wish.structure)
    )
    if not is_below:
        raise ValidationError({"structure": _("La delega vale al più sulla tua struttura e su ciò che ne dipende.")})
    if wish.until is None:
        raise ValidationError({"last_day": _("Una delega ha sempre un ultimo giorno.")})
    if source.until is not None and wish.until > source.until:
        raise ValidationError({"last_day": _("La delega non dura più del tuo ruolo.")})
    if wish.since < source.since:
        raise ValidationError({"since": _("La delega non comincia prima del tuo ruolo.")})


@transaction.atomic
def suspend(doer: Access, user: User, reason: str) -> None:
    """Shut somebody out now: their sessions end. Roles stay, without effect, for when they come back."""
    by = _doer(doer)
    one_writer()
    if by.pk == user.pk:
        raise ValidationError(_("Nessuno sospende se stesso."))
    _refuse_beyond(doer, user)
    for grant in user.grants.filter(role=Role.ADMINISTRATOR, revoked_at=None):
        if is_last_administrator(doer, grant, of_person=user):
            raise ValidationError(_("È l'ultimo amministratore di tutta l'organizzazione."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    for session in UserSession.objects.filter(user=user):
        session.end()
    record(named(by), Change("person.suspended", f"person:{user.pk}", before={"email": user.email}, reason=reason))


@transaction.atomic
def readmit(doer: Access, user: User, reason: str) -> None:
    """Let somebody in again."""
    by = _doer(doer)
    one_writer()
    _refuse_beyond(doer, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(named(by), Change("person.readmitted", f"person:{user.pk}", after={"email": user.email}, reason=reason))


@transaction.atomic
def drop_second_factor(doer: Access, user: User, reason: str) -> None:
    """For who lost telephone and recovery codes: the password alone lets them in until they set it again."""
    by = _doer(doer)
    if by.pk == user.pk:
        raise ValidationError(_("Il tuo secondo fattore si disattiva dal profilo."))
    _refuse_beyond(doer, user)
    Authenticator.objects.filter(user=user).delete()
    record(
        named(by),
        Change("person.second_factor_dropped", f"person:{user.pk}", before={"email": user.email}, reason=reason),
    )


def _refuse_beyond(doer: Access, user: User) -> None:
    """Who administers a part acts only on people whose roles are all in that part."""
    today = timezone.localdate()
    still = [g for g in user.grants.filter(revoked_at=None) if g.until is None or g.until > today]
    if any(not doer.may(Action.MANAGE_USERS, grant.structure) for grant in still):
        raise ValidationError(
            _("Questa persona ha ruoli anche fuori da ciò che amministri: serve chi amministra tutto.")
        )


def people_of(doer: Access) -> list[User]:
    """Who `doer` administers: everybody, or people with a role in their part and people with none."""
    everybody = User.objects.prefetch_related("grants__delegated_from__delegated_from", "grants__user").order_by("name")
    if doer.may_everywhere(Action.MANAGE_USERS):
        return list(everybody)
    mine = set(doer.structures(Action.MANAGE_USERS))
    return [user for user in everybody if not user.grants.all() or any(g.structure in mine for g in user.grants.all())]

"""Guards: what finds an object refuses it. A view that needs an action names it, and the structure it concerns."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from piramide.kernel.organisation import Structure
from piramide.web.accounts.access import Access
from piramide.web.accounts.models import User
from piramide.web.accounts.roles import Action

View = Callable[..., HttpResponseBase]
EVERYWHERE = "*"


def access(request: HttpRequest) -> Access:
    """What the person behind a request may do."""
    found: Access = request.access  # type: ignore[attr-defined]
    return found


def user_of(request: HttpRequest) -> User:
    """Who is signed in; 403 for nobody, whom guards let through nowhere that asks this."""
    user = access(request).user
    if user is None:
        raise PermissionDenied
    return user


def guarded(action: Action, structure: str | None = None) -> Callable[[View], View]:
    """Let a view run only for who may do `action`.

    `structure` is the name of the view's argument that holds a structure's id, `EVERYWHERE` for what concerns the
    whole organisation, or `None` when the action anywhere is enough. Who is not signed in is asked to; who may not gets
    403; a structure that does not exist gives 404.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = access(request)
            if not person.is_signed_in:
                return to_sign_in(request)
            allow(person, action, _asked(structure, kwargs))
            return view(request, *args, **kwargs)

        guarded_view.guarded_structure = structure  # type: ignore[attr-defined]
        return guarded_view

    return guard


def _asked(structure: str | None, arguments: dict[str, Any]) -> str | None:
    return structure if structure in {None, EVERYWHERE} else str(arguments[str(structure)])


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead nobody to the sign-in, and back here afterwards.

    Who only looks as everybody (`as_everybody`) is signed in already, and would be led in circles: 403, under the band
    that ends it.
    """
    if access(request).as_published:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path())


def allow(person: Access, action: Action, structure: str | None = None) -> None:
    """Refuse (403) who may not do `action` on `structure` (`EVERYWHERE`: on all); 404 for one that does not exist."""
    if structure == EVERYWHERE:
        allowed = person.may_everywhere(action)
    else:
        if structure is not None:
            find_structure(person, structure)
        allowed = person.may(action, structure)
    if not allowed:
        raise PermissionDenied(str(action.value))


def find_structure(person: Access, structure: str) -> Structure:
    """The structure in the organisation of the day; 404 when there is none."""
    if structure not in person.organisation:
        raise Http404(structure)
    return person.organisation[structure]

"""A person's own pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from piramide.web.accounts.guards import access
from piramide.web.accounts.roles import ACTIONS


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here: roles, where and until when, and what each lets me do."""
    person = access(request)
    roles = [
        {
            "held": held,
            "structure": person.organisation.structures.get(held.structure),
            "actions": sorted(str(action.label) for action in ACTIONS[held.role]),
        }
        for held in person.roles
    ]
    return render(request, "accounts/profile.html", {"roles": roles})


@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Ask before signing out: the form is here, so that other pages carry none and can be kept by browsers."""
    return render(request, "accounts/leave.html")

"""Messages on standard error: one at a time, safe to show, usage errors in the user's language."""

from __future__ import annotations

import re
import sys
from typing import Final

from typer import TyperException

from piramide.cli.texts import say
from piramide.kernel import wording
from piramide.kernel.naming import nearest

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ENDLESS: Final = re.compile(r"(\S{60})\S{240,}")
"""A word longer than any name or path that a person writes."""

_KINDS: Final = {
    "MissingParameter": "missing",
    "NoSuchOption": "no_option",
    "BadParameter": "bad_value",
    "BadOptionUsage": "option_without_value",
}


def tell(text: str) -> None:
    """A message beside the answer; control characters shown as a sign, endless words cut."""
    sys.stderr.write(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", _ENDLESS.sub(r"\1…", text)) + "\n")


def usage(error: TyperException) -> str:
    """What is wrong with the arguments, and where the help is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "piramide"
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error)
    key = _KINDS.get(type(error).__name__, "wrong")
    if str(error).startswith("No such command"):
        key = "no_command"
    quoted = re.findall(r"'([^']*)'", error.format_message())
    name = _name(error) or (quoted[0] if quoted else "")
    known = getattr(error, "possibilities", None) or ()
    if key == "no_command" and context:
        known = nearest(name, context.command.list_commands(context))
    near = ", ".join(known)
    text = say(f"usage.{key}", name=name, given=str(error))
    hint = say("usage.near", near=near) if near else ""
    return " ".join(part for part in (text, hint, say("usage.help", command=command)) if part)


def problem(error: Exception) -> str:
    """What a system or a database says, in the user's language where that is known, on one line."""
    said = getattr(error, "strerror", None) or (str(error).splitlines() or [type(error).__name__])[0]
    return wording.word("problem", said) or said


def _name(error: TyperException) -> str:
    """The option or argument that is at fault, as the user writes it."""
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "option_name", ""))
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.metavar or parameter.name)

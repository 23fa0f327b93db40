"""From the labels of acts to ids, and from a misspelt name to its nearest ones."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from piramide.kernel.findings import refuse

STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "di del dello della dei degli delle da dal al allo alla ai agli alle "  # codespell:ignore
        "e ed il lo la i gli le l in nel nella su sul sulla sui per con a",
    )
)
_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")


def slug(label: str) -> str:
    """Id of the node that an act prints as `label`: lower case, no accents, no stop words, `_` between words.

    A label of stop words alone keeps them. Raises `Refusal` (KN021) when there is no letter or digit.

    >>> slug("Indice di Deflusso")
    'indice_deflusso'
    >>> slug("Qualità dell’attività, 1° grado")
    'qualita_dell_attivita_1_grado'
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", label.lower()) if not unicodedata.combining(c))
    words = [word for word in _SEPARATORS.split(plain) if word]
    if not words:
        raise refuse("KN021", printed=label)
    return "_".join([word for word in words if word not in STOP_WORDS] or words)


def unique_slug(label: str, taken: Collection[str], within: str = "") -> str:
    """Slug of `label`, followed by the slug of `within` (its sub-dimension) and then by a number if already taken.

    >>> unique_slug("Progetti", {"progetti"}, "Impatto ambientale")
    'progetti_impatto_ambientale'
    >>> unique_slug("Progetti", {"progetti", "progetti_2"})
    'progetti_3'
    """
    short = slug(label)
    if short in taken and within:
        short = f"{short}_{slug(within)}"
    candidate, count = short, 1
    while candidate in taken:
        count += 1
        candidate = f"{short}_{count}"
    return candidate


def nearest(name: str, known: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """At most `n` names among `known` that `name` may have been meant for, likeliest first.

    >>> nearest("clearence_rate", ["clearance_rate", "received", "resolved"])
    ('clearance_rate',)
    """
    by_lower = {candidate.lower(): candidate for candidate in known}
    return tuple(by_lower[match] for match in difflib.get_close_matches(name.lower(), by_lower, n=n))

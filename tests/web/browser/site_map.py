"""Every address of the site: which are pages and who is led to them, and what the others are.

A name in braces stands for something that `furniture.furnish` made. Where a page is another for another role, each role
is named; else the one that sees the most. What is named in no part of this map makes `test_site_map.py` fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from piramide.web.accounts.roles import Role
from piramide.web.help.topics import TOPICS
from piramide.web.opendata.datasets import DATASETS

ANYBODY: Final = "anybody"
VISITORS: Final = (ANYBODY, *Role.values)
EVERY_ROLE: Final = " ".join(Role.values)

PAGES: Final[dict[str, str]] = {
    "/": f"{ANYBODY} {EVERY_ROLE}",
    "/cerca/": ANYBODY,
    "/cerca/?q=milano": "anybody planner",
    # results
    "/strutture/": "anybody planner",
    "/strutture/nazionale/": "planner",
    "/strutture/dcm_milano/": "anybody director",
    "/strutture/dcm_milano/storia/": "director",
    "/strutture/dcm_milano/cluster/": "anybody director",
    "/strutture/dcm_milano/confronto/": "director",
    "/strutture/dcm_milano/spiegazione/dcm_milano/": ANYBODY,
    "/strutture/dcm_milano/spiegazione/indice_deflusso/": "director",
    "/strutture/dcm_milano/spiegazione/indice_deflusso/dati/": "director",
    "/indicatori/": ANYBODY,
    "/indicatori/indice_deflusso/": "anybody planner",
    "/spesa/piemonte/": "anybody planner",
    "/qualita/nazionale/": "anybody planner",
    # the chain
    "/strategia/": "anybody planner",
    "/strategia/?cerca=nulla": ANYBODY,
    "/strategia/inps-2021/": ANYBODY,
    "/strategia/inps-2021/linee/2021_IS.3/": ANYBODY,
    "/strategia/inps-2024/linee/lgg_6/": "anybody planner",
    "/strategia/inps-2024/capitoli/": ANYBODY,
    # the plan
    "/piano/": "anybody planner oiv",
    "/piano/versioni/inps-2024/": ANYBODY,
    "/piano/versioni/inps-2024/dcm_milano/": ANYBODY,
    "/piano/confronto/?struttura=dcm_milano": ANYBODY,
    "/piano/confronto/?da=inps-2021&a=inps-2024": ANYBODY,
    "/piano/confronto/?da=inps-2021&a=inps-2024&sezione=weights": ANYBODY,
    "/piano/assegnazioni/": "anybody planner director oiv",
    "/piano/assegnazioni/{sheet}/": "anybody director oiv",
    "/piano/assegnazioni/emetti/": "planner",
    "/piano/bozze/nuova/": "planner",
    "/piano/bozze/{draft}/": "planner director",
    "/piano/bozze/{draft}/schede/dcm_milano/": "planner director",
    "/piano/bozze/{draft}/controlli/": "planner",
    "/piano/bozze/{draft}/simulazione/": "planner",
    "/piano/bozze/{draft}/proposta/": "planner",
    "/piano/bozze/{proposed}/": "planner oiv",
    "/piano/bozze/{proposed}/parere/": "oiv",
    "/piano/bozze/{cleared}/adozione/": "planner",
    # the collection and the projects
    "/raccolta/": "planner director data_owner",
    "/raccolta/apri/": "planner",
    "/raccolta/apri/?periodo=2024-Q4": "planner",
    "/raccolta/{campaign}/": "planner director data_owner",
    "/raccolta/{campaign}/valori/dcm_milano/": "planner director auditor",
    "/raccolta/{campaign}/indicatori/indice_audit/": "data_owner",
    "/raccolta/{campaign}/carica/": "data_owner",
    "/raccolta/caricamenti/{upload}/": "data_owner",
    "/raccolta/celle/{ask}/versioni/": "director",
    "/raccolta/contesta/dcm_milano/indice_audit/": "director",
    "/raccolta/contesta/?structure=dcm_milano&indicator=indice_audit": "director",
    "/raccolta/contestazioni/": "planner director",
    "/raccolta/contestazioni/{contest}/": "planner director",
    "/progetti/": "planner attester",
    "/progetti/nuovo/": "planner",
    "/progetti/dc_risorse_umane/NOPE24_DCRU_1.7/": "planner data_owner attester",
    "/progetti/dc_risorse_umane/NOPE24_DCRU_1.7/consegne/D3/consegna/": "data_owner",
    "/progetti/dc_risorse_umane/NOPE24_DCRU_1.7/consegne/D1/attestazione/": "attester",
    "/progetti/dc_risorse_umane/NOPE24_DCRU_1.7/consegne/D2/validazione/": "attester",
    # oversight
    "/vigilanza/": "planner auditor",
    "/vigilanza/esecuzioni/": "auditor",
    "/vigilanza/esecuzioni/{run}/": "planner oiv auditor publisher",
    "/vigilanza/esecuzioni/{run}/validazione/": "oiv",
    "/vigilanza/esecuzioni/{run}/pubblicazione/": "publisher",
    "/vigilanza/esecuzioni/{run}/rettifica/": "planner",
    "/vigilanza/esecuzioni/{run}/rettifica/?struttura=dcm_milano": "planner",
    "/vigilanza/confronto/{before}/{after}/": "auditor",
    "/vigilanza/correzioni/": ANYBODY,
    "/vigilanza/riscontri/": "auditor",
    "/vigilanza/allarmi/": "auditor",
    "/vigilanza/allarmi/ascolta/": "auditor",
    "/vigilanza/allarmi/2024-Q3/": "auditor",
    "/vigilanza/allarmi/2024-Q3/{alarm}/": "auditor",
    "/vigilanza/rettifiche/": "planner",
    "/vigilanza/rettifiche/{adjustment}/": "planner auditor",
    "/vigilanza/rettifiche/{adjustment}/conferma/": "planner",
    "/vigilanza/rettifiche/{adjustment}/ritira/": "planner",
    "/registro/": "auditor administrator",
    "/lavori/": "planner",
    "/lavori/calcola/": "planner",
    "/lavori/carica/": "planner",
    "/lavori/{job}/": "planner",
    "/calendario/": "planner director",
    "/calendario/nuova/": "planner",
    "/calendario/messaggi/": "director",
    # the person
    "/account/": "planner administrator",
    "/account/esci/": "director",
    "/account/sessioni/": "director",
    "/account/deleghe/": "director",
    "/account/deleghe/nuova/{grant}/": "director",
    "/account/persone/": "administrator",
    "/account/persone/invita/": "administrator",
    "/account/persone/{person}/": "administrator",
    "/api/": ANYBODY,
    "/api/chiavi/": "planner",
    "/api/chiavi/{key}/revoca/": "planner",
    "/accesso/login/": ANYBODY,
    "/accesso/uscita/": "director",
    "/accesso/sospeso/": ANYBODY,
    "/accesso/conferma/": "director",
    "/accesso/password/cambia/": "director",
    "/accesso/password/dimenticata/": ANYBODY,
    "/accesso/password/inviata/": ANYBODY,
    "/accesso/password/fatto/": ANYBODY,
    "/accesso/istituzionale/annullato/": ANYBODY,
    "/accesso/istituzionale/non-registrato/": ANYBODY,
    # for everybody
    "/dati-aperti/": ANYBODY,
    "/dati-aperti/qualita/": ANYBODY,
    "/dati-aperti/ricalcolo/": ANYBODY,
    "/dati-aperti/esecuzioni/{published}/": ANYBODY,
    **{f"/dati-aperti/tracciati/{name}/": ANYBODY for name in DATASETS},
    "/guida/": ANYBODY,
    "/guida/glossario/": ANYBODY,
    **{f"/guida/{name}/": ANYBODY for name in TOPICS},
    "/accessibilita/": ANYBODY,
    "/privacy/": ANYBODY,
}
"""Pages, and the visitors that are led to each, parted by spaces."""

REFUSALS: Final[dict[str, tuple[str, int]]] = {
    "/strutture/inesistente/": (ANYBODY, 404),
    "/vigilanza/": ("director", 403),
    "/accesso/istituzionale/errore/": (ANYBODY, 401),
}
"""Addresses that refuse: the page that says so is looked at too."""

FRESH: Final = ("/accesso/secondo-fattore/", "/accesso/secondo-fattore/attiva/")
"""Pages for who has just given the password once more."""

SECURED: Final = (
    "/accesso/secondo-fattore/", "/accesso/secondo-fattore/conferma/", "/accesso/secondo-fattore/disattiva/",
    "/accesso/secondo-fattore/riserva/", "/accesso/secondo-fattore/riserva/nuovi/",
)  # fmt: skip
"""Pages for who has set a second factor up."""

HALFWAY: Final = "/accesso/secondo-fattore/codice/"
"""The page for who gave the password and owes the code."""

CHOOSING: Final = "/accesso/password/scegli/1-key/"
"""The page that the mail leads to of who forgot the password."""

POSTED: Final = (
    "/account/sessioni/altre/", "/account/sessioni/1/", "/account/deleghe/1/fine/", "/account/deleghe/1/annulla/",
    "/account/persone/{person}/invito/", "/account/persone/{person}/sospendi/", "/account/persone/{person}/riammetti/",
    "/account/persone/{person}/secondo-fattore/", "/account/ruoli/1/togli/", "/account/ruoli/1/annulla/",
    "/registro/verifica/", "/calendario/1/annulla/", "/calendario/messaggi/letti/", "/calendario/messaggi/preferenza/",
    "/raccolta/{campaign}/conferma/dcm_milano/", "/raccolta/{campaign}/promemoria/", "/raccolta/{campaign}/chiudi/",
    "/raccolta/{campaign}/calcola/", "/raccolta/celle/{ask}/", "/lavori/schede/{run}/", "/lavori/{job}/annulla/",
    "/lavori/{job}/ripeti/", "/vigilanza/esecuzioni/{run}/verifica/", "/vigilanza/rettifiche/{adjustment}/ricalcola/",
    "/vigilanza/esecuzioni/{run}/come-chiunque/", "/vigilanza/anteprima/chiudi/",
    "/piano/assegnazioni/{sheet}/presa-visione/",
    "/piano/bozze/{draft}/schede/dcm_milano/prova/", "/piano/bozze/{draft}/annulla/", "/piano/bozze/{draft}/ritorno/",
    "/progetti/carica-nei-fatti/", "/progetti/dc_risorse_umane/NOPE24_DCRU_1.7/consegne/",
)  # fmt: skip
"""Addresses that only take what a page sends: asked for, they refuse with 405."""

ELSEWHERE: Final = (
    "/accesso/", "/accesso/password/nuova/", "/accesso/istituzionale/", "/i18n/setlang/", "/spesa/", "/qualita/",
    "/vigilanza/confronto/?da={before}&a={after}",
)  # fmt: skip
"""Addresses that only lead on."""

DRAWN: Final = {"/piano/bozze/{draft}/simulazione.svg": "/piano/bozze/{draft}/simulazione/"}
"""Pictures that are there only where their page shows them: without anything to compare there is nothing to draw."""
FILES: Final = (
    "/registro/registro.csv", "/raccolta/{campaign}/modello.csv", "/raccolta/{campaign}/modello.xlsx",
    "/raccolta/{campaign}/valori.csv", "/raccolta/documenti/{document}/", "/indicatori/indice_deflusso/valori.csv",
    "/strutture/dcm_milano/scheda.xlsx", "/strutture/dcm_milano/spiegazione/indice_deflusso/dati.csv",
    "/piano/assegnazioni/stato.csv", "/piano/assegnazioni/{sheet}/scheda.pdf",
    "/piano/assegnazioni/{sheet}/firmato.pdf",
    "/piano/confronto.csv", "/piano/bozze/{draft}/allegato.csv",
    "/progetti/passi.csv", "/dati-aperti/catalogo.jsonld", "/dati-aperti/risultati.csv",
    "/dati-aperti/esecuzioni/{published}/esecuzione.tar", "/dati-aperti/esecuzioni/{published}/risultati.csv",
    "/robots.txt", "/sitemap.xml", "/salute/", "/api/v1/openapi.json",
)  # fmt: skip
"""Addresses that answer with something else than a page."""

OTHERS: Final[dict[str, str]] = {
    "metrics": "for Prometheus, and only where a token is set: test_health.py",
    "jobs:sheets": "an archive, once a job has printed it: test_jobs.py",
    "mfa_download_recovery_codes": "a file, for who has a second factor: test_sign_in.py",
    "openid_connect_login": "leads to the provider, where one is set: test_oidc.py",
    "openid_connect_callback": "the way back from it: test_oidc.py",
}
"""Addresses that need what this site under test has not, and why they are no pages."""

MACHINES: Final = "api-v1:"
"""The space of the interface for programs, which has tests of its own."""

_MADE: Final = {"job": "00000000-0000-0000-0000-000000000001", "run": "0" * 64, "published": "0" * 64, "alarm": "x"}


def fill(template: str, made: dict[str, object] | None = None) -> str:
    """The address that a line of the map names; without what was made, one of the same kind."""
    if made is None:
        return re.sub(r"{(\w+)}", lambda found: _MADE.get(found[1], "1"), template)
    return template.format_map(made)


def pages_of(visitor: str) -> list[str]:
    """The pages that a visitor is led to."""
    return [address for address, visitors in PAGES.items() if visitor in visitors.split()]


def mapped() -> set[str]:
    """The name of every address in the map."""
    addresses = (*PAGES, *REFUSALS, *FRESH, *SECURED, HALFWAY, CHOOSING, *POSTED, *ELSEWHERE, *FILES, *DRAWN)
    return {name_of(fill(address)) for address in addresses} | set(OTHERS)


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The name of every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        else:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def name_of(address: str) -> str:
    """The name of what is at an address; empty where there is nothing."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""

"""Settings: each wrong one is refused by name, with what was expected; nothing is guessed and nothing started."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.web.configuration import read_configuration


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_DATA", str(tmp_path))


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("ORIGIN", "http:/piramide.example", "https://piramide.example"),
        ("ORIGIN", "piramide.example", "https://piramide.example"),
        ("ORIGIN", "https://piramide.example/cartella", "senza altro in coda"),
        ("ORIGIN", "https://piramide.example:porta", "https://piramide.example"),
        ("HOSTS", "https://piramide.example", "nomi di host"),
        ("HOSTS", "piramide.example,,altro", "nomi di host"),
        ("DATABASE_URL", "mysql://host/nome", "postgresql://"),
        ("DATABASE_URL", "postgresql:", "postgresql://"),
        ("EMAIL_URL", "posta://host", "smtp+tls://"),
        ("DEMONSTRATION", "forse", "1 o 0"),
        ("DEBUG", "2", "1 o 0"),
        ("PROXIES", "uno", "un numero intero (almeno 0)"),
        ("PROXIES", "-1", "un numero intero (almeno 0)"),
        ("RETENTION_YEARS", "0", "un numero intero (almeno 1)"),
        ("LOG_DAYS", "2,5", "un numero intero (almeno 1)"),
        ("LICENCE", "cc0", "cc-by-4.0, iodl-2.0"),
        ("ACCESSIBILITY_DATE", "23/09/2025", "un giorno come 2025-09-23"),
        ("SENDER", "piramide", "un indirizzo di posta"),
        ("PACKS", "/non/ci/sono", "cartelle che esistono"),
        ("SECRET_KEY", "breve", "un segreto abbastanza lungo (almeno 32)"),
        ("METRICS_TOKEN", "breve", "un segreto abbastanza lungo (almeno 16)"),
        ("OIDC_SERVER", "accesso", "https://accesso.example/realm"),
    ],
)
def test_it_refuses_a_wrong_one_by_name(
    name: str, given: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(f"PIRAMIDE_{name}", given)
    monkeypatch.delenv("PIRAMIDE_SECRET_KEY", raising=False) if name != "SECRET_KEY" else None

    with pytest.raises(Refusal) as refused:
        read_configuration()

    said = str(refused.value)
    assert f"PIRAMIDE_{name}" in said
    assert expected in said
    assert list(tmp_path.iterdir()) == []  # not even a key was made


def test_it_never_tells_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_SECRET_KEY", "troppo-breve")
    monkeypatch.setenv("PIRAMIDE_DATABASE_URL", "mysql://utente:parola@host/nome")

    with pytest.raises(Refusal) as refused:
        read_configuration()

    assert "troppo-breve" not in str(refused.value)
    assert "parola@" not in str(refused.value)


def test_it_tells_all_of_them_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_PROXIES", "x")
    monkeypatch.setenv("PIRAMIDE_LOG_DAYS", "x")
    monkeypatch.setenv("PIRAMIDE_ORGIN", "https://piramide.example")

    with pytest.raises(Refusal) as refused:
        read_configuration()

    assert [finding.subject for finding in refused.value.findings] == [
        "PIRAMIDE_LOG_DAYS", "PIRAMIDE_PROXIES", "PIRAMIDE_ORGIN",
    ]  # fmt: skip
    assert "somiglia a PIRAMIDE_ORIGIN" in str(refused.value)


def test_a_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_METRICS_TOKEN_FILE", "/non/c/e")

    with pytest.raises(Refusal, match="PIRAMIDE_METRICS_TOKEN_FILE"):
        read_configuration()


def test_half_a_provider_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_OIDC_SERVER", "https://accesso.example/realm")
    monkeypatch.setenv("PIRAMIDE_OIDC_CLIENT_ID", "piramide")

    with pytest.raises(Refusal, match="PIRAMIDE_OIDC_CLIENT_SECRET manca"):
        read_configuration()


def test_right_ones_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_ORIGIN", "https://piramide.example:8443/")
    monkeypatch.delenv("PIRAMIDE_HOSTS", raising=False)
    monkeypatch.setenv("PIRAMIDE_SENDER", "Piramide <piramide@ente.example>")

    read = read_configuration()

    assert read.origin == "https://piramide.example:8443"
    assert read.is_secure
    assert read.hosts[0] == "piramide.example"
    assert read.sender == "Piramide <piramide@ente.example>"

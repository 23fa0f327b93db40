"""What an installation decides, read from the environment or from files (`NAME_FILE` holds the path of a secret)."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import environ

from piramide.kernel.durable import write_new

PREFIX: Final = "PIRAMIDE_"
LONGEST_UPLOAD: Final = 50 * 1024 * 1024
SECRET_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class Configuration:
    """The decisions of one installation.

    `store` is the folder of runs and facts, `pack` the plan in force, `house_packs` folders with plans of the house.
    `demonstration` fills the site with invented facts and users and says so on every page. `database` and `email` are
    Django's own mappings. `origin` is the address that people type (`https://…`); over plain `http://` cookies are not
    marked secure. `metrics_token` opens the figures for Prometheus, which without it are not there. `assets` is where
    npm put the packages, `static` where `upgrade` gathers what browsers load. `proxies` counts those in front.
    `feedback`, `accessibility_date`, `privacy_contact`, `retention_years` and `log_days` are what the statements on
    accessibility and privacy say.
    `licence` is that of open data (`cc-by-4.0` or `iodl-2.0`), `ipa` the administration's code in the public index.
    """

    secret_key: str
    store: Path
    data: Path
    pack: str
    house_packs: tuple[Path, ...]
    demonstration: bool
    database: dict[str, Any]
    email: dict[str, Any]
    origin: str
    hosts: tuple[str, ...]
    assets: Path
    static: Path
    sender: str
    administration: str
    feedback: str
    accessibility_date: date | None
    privacy_contact: str
    retention_years: int
    log_days: int
    licence: str
    ipa: str
    proxies: int
    metrics_token: str
    oidc: tuple[dict[str, Any], ...]
    debug: bool

    @property
    def adopted(self) -> Path:
        """The folder of the plans adopted here."""
        return self.data / "plans"

    @property
    def packs(self) -> tuple[Path, ...]:
        """Folders with plans: those of the house and, once one was adopted, those adopted here."""
        return (*self.house_packs, self.adopted) if self.adopted.is_dir() else self.house_packs

    @property
    def is_secure(self) -> bool:
        """Whether people reach the site over HTTPS."""
        return self.origin.startswith("https://")


def read_configuration() -> Configuration:
    """The configuration of this process. Unset names have the defaults of an installation on one machine."""
    env = environ.FileAwareEnv()
    root = Path(__file__).resolve().parents[3]
    data = Path(env.str(f"{PREFIX}DATA", "site-data")).absolute()
    demonstration = env.bool(f"{PREFIX}DEMONSTRATION", default=False)
    origin = env.str(f"{PREFIX}ORIGIN", "http://localhost:8000").rstrip("/")
    host = origin.partition("://")[2].partition(":")[0]
    return Configuration(
        secret_key=env.str(f"{PREFIX}SECRET_KEY", "") or _kept_secret(data / "secret-key"),
        store=Path(env.str(f"{PREFIX}STORE", "store")).absolute(),
        data=data,
        pack=env.str(f"{PREFIX}PACK", "inps-2024"),
        house_packs=tuple(Path(folder) for folder in env.list(f"{PREFIX}PACKS", default=[])),
        demonstration=demonstration,
        database=env.db_url(f"{PREFIX}DATABASE_URL", default=f"sqlite:///{data / 'piramide.sqlite3'}"),
        email=env.email_url(f"{PREFIX}EMAIL_URL", default="consolemail://" if demonstration else "smtp://localhost:25"),
        origin=origin,
        hosts=tuple(env.list(f"{PREFIX}HOSTS", default=[host, "localhost", "127.0.0.1", "[::1]"])),
        assets=Path(env.str(f"{PREFIX}ASSETS", str(root / "node_modules"))),
        static=Path(env.str(f"{PREFIX}STATIC", str(data / "static"))),
        sender=env.str(f"{PREFIX}SENDER", "piramide@localhost"),
        administration=env.str(f"{PREFIX}ADMINISTRATION", "INPS"),
        feedback=env.str(f"{PREFIX}FEEDBACK", "accessibilita@localhost"),
        accessibility_date=_day(env.str(f"{PREFIX}ACCESSIBILITY_DATE", "")),
        privacy_contact=env.str(f"{PREFIX}PRIVACY_CONTACT", "privacy@localhost"),
        retention_years=env.int(f"{PREFIX}RETENTION_YEARS", 10),
        log_days=env.int(f"{PREFIX}LOG_DAYS", 30),
        licence=env.str(f"{PREFIX}LICENCE", "cc-by-4.0"),
        ipa=env.str(f"{PREFIX}IPA", ""),
        proxies=env.int(f"{PREFIX}PROXIES", 0),
        metrics_token=env.str(f"{PREFIX}METRICS_TOKEN", ""),
        oidc=_providers(env),
        debug=env.bool(f"{PREFIX}DEBUG", default=False),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _kept_secret(path: Path) -> str:
    """The key of this installation, made once and kept in a file that only its owner reads."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):  # another process was first: its key holds
            write_new(path, secrets.token_urlsafe(SECRET_LENGTH), mode=0o600)
    return path.read_text(encoding="ascii").strip()


def openid_provider(server: str, name: str, client_id: str, secret: str) -> dict[str, Any]:
    """The OpenID Connect provider at `server`, as allauth wants it: code flow with PKCE."""
    return {
        "provider_id": "accesso",
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }


def _providers(env: environ.FileAwareEnv) -> tuple[dict[str, Any], ...]:
    """The OpenID Connect provider, if one is configured: SPID and CIE reach the site through it."""
    server = env.str(f"{PREFIX}OIDC_SERVER", "")
    if not server:
        return ()
    return (
        openid_provider(
            server,
            env.str(f"{PREFIX}OIDC_NAME", "Accesso istituzionale"),
            env.str(f"{PREFIX}OIDC_CLIENT_ID"),
            env.str(f"{PREFIX}OIDC_CLIENT_SECRET"),
        ),
    )

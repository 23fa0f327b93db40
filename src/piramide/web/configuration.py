"""What an installation decides, read from the environment or from files (`NAME_FILE` holds the path of a secret)."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from piramide.kernel.durable import write_new
from piramide.methodology.loading import shipped
from piramide.web.environment import Environment

LONGEST_UPLOAD: Final = 50 * 1024 * 1024
SECRET_LENGTH: Final = 64
SHORTEST_SECRET: Final = 32
SHORTEST_TOKEN: Final = 16
LICENCES: Final = ("cc-by-4.0", "iodl-2.0")
CLIENT: Final = ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")


@dataclass(frozen=True)
class Configuration:
    """The decisions of one installation.

    `store` is the folder of runs and facts, `pack` the plan in force, `house_packs` folders with plans of the house.
    `demonstration` fills the site with invented facts and users and says so on every page. `database` and `email` are
    Django's own mappings. `origin` is the address that people type (`https://…`); over plain `http://` cookies are not
    marked secure. `metrics_token` opens the figures for Prometheus, which without it are not there. `assets` is where
    npm put the packages, `static` where `upgrade` gathers what browsers load. `proxies` counts those in front.
    `feedback`, `accessibility_date`, `privacy_contact`, `retention_years` and `log_days` are what the statements on
    accessibility and privacy say.
    `backup_key` encrypts what opens accounts in a backup.
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
    backup_key: str
    debug: bool

    @cached_property
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
    """The configuration of this process. Unset names have the defaults of an installation on one machine.

    Raises `Refusal` with every setting that is wrong, by name and with what was expected.
    """
    env = Environment()
    root = Path(__file__).resolve().parents[3]
    data = Path(env.text("DATA", "site-data")).absolute()
    demonstration = env.flag("DEMONSTRATION")
    origin = env.origin("ORIGIN", "http://localhost:8000")
    host = urlsplit(origin).hostname or ""
    host = f"[{host}]" if ":" in host else host
    configuration = Configuration(
        secret_key=env.secret("SECRET_KEY", SHORTEST_SECRET),
        store=Path(env.text("STORE", "store")).absolute(),
        data=data,
        pack=env.text("PACK", shipped().pack),
        house_packs=env.folders("PACKS"),
        demonstration=demonstration,
        database=env.database("DATABASE_URL", f"sqlite:///{data / 'piramide.sqlite3'}"),
        email=env.mail_server("EMAIL_URL", "consolemail://" if demonstration else "smtp://localhost:25"),
        origin=origin,
        hosts=env.hosts("HOSTS", (host, "localhost", "127.0.0.1", "[::1]")),
        assets=Path(env.text("ASSETS", str(root / "node_modules"))),
        static=Path(env.text("STATIC", str(data / "static"))),
        sender=env.mail_address("SENDER", "piramide@localhost"),
        administration=env.text("ADMINISTRATION", shipped().administration),
        feedback=env.mail_address("FEEDBACK", "accessibilita@localhost"),
        accessibility_date=env.day("ACCESSIBILITY_DATE"),
        privacy_contact=env.mail_address("PRIVACY_CONTACT", "privacy@localhost"),
        retention_years=env.whole("RETENTION_YEARS", 10, least=1),
        log_days=env.whole("LOG_DAYS", 30, least=1),
        licence=env.one_of("LICENCE", LICENCES),
        ipa=env.text("IPA"),
        proxies=env.whole("PROXIES", 0, least=0),
        metrics_token=env.secret("METRICS_TOKEN", SHORTEST_TOKEN),
        oidc=_providers(env),
        backup_key=env.secret("BACKUP_KEY", SHORTEST_TOKEN),
        debug=env.flag("DEBUG"),
    )
    env.refuse_wrong()
    return replace(configuration, secret_key=configuration.secret_key or _kept_secret(data / "secret-key"))


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


def _providers(env: Environment) -> tuple[dict[str, Any], ...]:
    """The OpenID Connect provider, if one is configured: SPID and CIE reach the site through it."""
    server = env.origin("OIDC_SERVER", "", with_path=True)
    name = env.text("OIDC_NAME", "Accesso istituzionale")
    client, secret = (env.text(key, needed_by="OIDC_SERVER" if server else "") for key in CLIENT)
    return (openid_provider(server, name, client, secret),) if server else ()

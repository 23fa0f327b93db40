"""What an operator does: first administrator, upgrade, backup, destroy, restore, prove."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import socket
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.postgresql import cluster
from tests.web.installation import Installation

PASSWORD = {"PIRAMIDE_PASSWORD": "una password lunga"}
KEY = {"PIRAMIDE_BACKUP_KEY": "una chiave lunga per i salvataggi"}
SECRET_OF_ANNA = "JBSWY3DPEHPK3PXP" * 2
ANNA = "from piramide.web.accounts.models import User; from allauth.mfa.models import Authenticator; "
SECOND_FACTOR = (
    f"{ANNA}Authenticator.objects.create(user=User.objects.get(), type='totp', data={{'secret': '{SECRET_OF_ANNA}'}}); "
    "print(0)"
)
SECRET = f"{ANNA}print(Authenticator.objects.get().data['secret'])"
DEPLOY = Path(__file__).parents[2] / "deploy"
ADMINISTRATOR = ("administrator", "anna@example.org", "--name", "Anna Sistemi")


@pytest.fixture
def installation(tmp_path: Path, site_store: Path) -> Installation:
    """A store with runs, and no site yet."""
    store = tmp_path / "store"
    shutil.copytree(site_store, store)
    return Installation(tmp_path, store)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, site_store: Path) -> Path:
    """Folders to copy an installation from: `upgraded`, `ready` with its administrator, `begun` as a demonstration."""
    folder = tmp_path_factory.mktemp("once")
    shutil.copytree(site_store, folder / "upgraded" / "store")
    assert at(folder / "upgraded").command("upgrade").returncode == 0
    assert copied(folder, "upgraded", folder / "ready").command(*ADMINISTRATOR, **PASSWORD).returncode == 0
    begun = replace(copied(folder, "upgraded", folder / "begun"), demonstration=True)
    assert begun.command("upgrade").returncode == 0
    return folder


def at(folder: Path) -> Installation:
    """The installation of a folder."""
    return Installation(folder, folder / "store")


def copied(once: Path, name: str, folder: Path) -> Installation:
    """An installation of one's own that is as far as the one called `name`."""
    shutil.copytree(once / name, folder, dirs_exist_ok=True)
    return at(folder)


@pytest.fixture
def upgraded(once: Path, tmp_path: Path) -> Installation:
    """A site without anybody."""
    return copied(once, "upgraded", tmp_path)


@pytest.fixture
def ready(once: Path, tmp_path: Path) -> Installation:
    """A site with its administrator."""
    return copied(once, "ready", tmp_path)


@pytest.fixture
def invented(once: Path, tmp_path: Path) -> Installation:
    """A site in which the demonstration has begun."""
    return replace(copied(once, "begun", tmp_path), demonstration=True)


ADOPTED_BEFORE = """
import shutil
from datetime import date
from django.conf import settings
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.web.accounts.models import User, named
from piramide.web.audit.chain import Change, record
from piramide.web.plans.models import Draft
folder = settings.CONFIGURATION.adopted / "inps-2024-vecchio"
shutil.copytree(shipped_packs() / "inps-2024", folder)
head = folder / "pack.yaml"
head.write_text(head.read_text(encoding="utf-8").replace("id: inps-2024", "id: inps-2024-vecchio"), encoding="utf-8")
user = User.objects.create_user("piani@example.org", "Piani")
content = load_pack(folder).hash
Draft.objects.create(pack=folder.name, label="P", year=2024, base="inps-2024", base_hash="", stage="adopted",
                     opened_by=user, adopted_hash=content, effective_on=date(2024, 10, 1))
record(named(user), Change("plan.adoption", folder.name, after={"stage": "adopted", "content": content}))
"""
IN_FORCE = "from piramide.web.plans_in_force import plan; print(plan().id)"


@pytest.mark.slow
def test_a_plan_adopted_before_there_were_notes_stays_in_force_upgraded_and_restored(
    upgraded: Installation, tmp_path: Path
) -> None:
    upgraded.run(ADOPTED_BEFORE)
    plans, backup = tmp_path / "data" / "plans", tmp_path / "saved.tar"
    assert upgraded.command("backup", str(backup), **KEY).returncode == 0
    assert upgraded.run(IN_FORCE) == "inps-2024"

    assert upgraded.command("upgrade").returncode == 0
    assert upgraded.run(IN_FORCE) == "inps-2024-vecchio"
    listed = json.loads(upgraded.command("pack", "list", "--packs", str(plans), "--json").stdout)["packs"]
    assert {p["id"]: p.get("in_force_since") for p in listed}["inps-2024-vecchio"] == "2024-10-01"

    other = Installation(tmp_path / "other", tmp_path / "other" / "store")
    assert other.command("restore", str(backup), **KEY).returncode == 0
    assert other.run(IN_FORCE) == "inps-2024-vecchio"


@pytest.mark.slow
def test_it_is_saved_destroyed_and_restored_whole(installation: Installation, tmp_path: Path) -> None:
    assert installation.command("upgrade").returncode == 0
    assert installation.command(*ADMINISTRATOR, **PASSWORD).returncode == 0
    assert installation.run(SECOND_FACTOR) == "0"
    backup = tmp_path / "saved.tar"
    saved = json.loads(installation.command("backup", str(backup), "--json", **KEY).stdout)
    assert saved["files"] > 10
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    _holds_nothing_that_opens_accounts(backup)
    runs = sorted(path.name for path in (installation.store / "runs").iterdir())
    audit = json.loads(installation.command("verify", "--audit", "--json").stdout)

    shutil.rmtree(installation.store)
    shutil.rmtree(installation.folder / "data")

    keyless = installation.command("restore", str(backup))
    other = installation.command("restore", str(backup), PIRAMIDE_BACKUP_KEY="una chiave che non è quella")
    assert [(said.returncode, said.stderr[:5]) for said in (keyless, other)] == [(2, "SI014"), (2, "SI015")]
    assert not installation.store.exists()
    restored = installation.command("restore", str(backup), "--json", **KEY)
    assert json.loads(restored.stdout) == saved
    assert sorted(path.name for path in (installation.store / "runs").iterdir()) == runs
    assert json.loads(installation.command("verify", "--audit", "--json").stdout) == audit
    assert json.loads(installation.command("verify", runs[0], "--json").stdout)["verified"] is True
    look = (
        "from piramide.web.accounts.models import User; print(User.objects.get().check_password('una password lunga'))"
    )
    assert installation.run(look) == "True"
    assert installation.run(SECRET) == SECRET_OF_ANNA

    again = installation.command("restore", str(backup))
    assert (again.returncode, again.stderr[:5]) == (2, "CY025")


STOPPED = """
import os
from pathlib import Path
from piramide.web import backup
from piramide.kernel.progress import silent
setattr(backup, {step!r}, lambda *_: os._exit(9))
backup.restore(Path({file!r}), silent)
"""


@pytest.mark.slow
def test_a_restore_that_was_stopped_goes_on_when_it_is_asked_for_again(ready: Installation, tmp_path: Path) -> None:
    backup = tmp_path / "saved.tar"
    ready.command("backup", str(backup))
    other = tmp_path / "other.tar"
    ready.run("from piramide.web.accounts.models import User; User.objects.create_user('b@example.org', 'B')")
    ready.command("backup", str(other))
    audit = ready.command("verify", "--audit", "--json").stdout
    for step in ("_read_rows", "copy_tree" if (ready.folder / "data" / "media").is_dir() else "put_store"):
        shutil.rmtree(ready.store, ignore_errors=True)
        shutil.rmtree(ready.folder / "data")
        stopped = subprocess.run(
            [sys.executable, "-c", "import piramide.web.boot\n" + STOPPED.format(step=step, file=str(backup))],
            env=ready.environment, check=False,
        )  # fmt: skip
        assert stopped.returncode == 9

        half = ready.command("upgrade")
        wrong = ready.command("restore", str(other))
        assert [(said.returncode, said.stderr[:5]) for said in (half, wrong)] == [(2, "SI018"), (2, "SI017")]
        assert ready.command("restore", str(backup)).returncode == 0
        assert ready.command("verify", "--audit", "--json").stdout == audit
        assert ready.command("upgrade").returncode == 0
        again = ready.command("restore", str(backup))
        assert (again.returncode, again.stderr[:5]) == (2, "CY025")


@pytest.mark.slow
def test_a_disk_without_room_refuses_a_backup_with_its_place_and_leaves_nothing(
    ready: Installation, tmp_path: Path
) -> None:
    people = "[User(email=f'p{at}@example.org', name='Persona') for at in range(400)]"
    ready.run(f"from piramide.web.accounts.models import User; User.objects.bulk_create({people})")
    folder = tmp_path / "backups"
    folder.mkdir()
    assert ready.command("backup", str(folder / "monday.tar")).returncode == 0
    kept = (folder / "monday.tar").read_bytes()
    with tarfile.open(folder / "monday.tar") as archive:
        rows = next(member.size for member in archive if member.name == "site/rows.jsonl")

    there, passing = folder / "tuesday.tar", f"{tempfile.gettempdir()}/piramide-"
    for room, place in ((len(kept) - 1, there), (len(kept) // 2, there), (rows - 1, passing), (0, "/")):
        said = ready.limited(room, "backup", str(folder / "tuesday.tar"))
        assert said.returncode == 2, said
        assert said.stderr.startswith(f"CY022: {place}"), said.stderr
        assert "nulla è rimasto a metà" in said.stderr
        assert [path.name for path in folder.iterdir()] == ["monday.tar"]
    assert (folder / "monday.tar").read_bytes() == kept


@pytest.mark.slow
def test_without_a_key_nothing_that_opens_accounts_leaves_and_people_set_it_again(
    ready: Installation, tmp_path: Path
) -> None:
    ready.run(SECOND_FACTOR)
    backup = tmp_path / "saved.tar"
    saved = ready.command("backup", str(backup))
    assert "PIRAMIDE_BACKUP_KEY" in saved.stderr
    _holds_nothing_that_opens_accounts(backup)
    shutil.rmtree(ready.store)
    shutil.rmtree(ready.folder / "data")

    restored = ready.command("restore", str(backup))

    assert restored.returncode == 0
    assert "Password dimenticata" in restored.stderr
    look = "from piramide.web.accounts.models import User; print(User.objects.get().has_usable_password())"
    assert ready.run(look) == "False"


@pytest.mark.slow
def test_an_archive_of_the_old_form_still_restores(ready: Installation, tmp_path: Path) -> None:
    hash_of_anna = "from piramide.web.accounts.models import User; print(User.objects.get().password)"
    password = ready.run(hash_of_anna)
    backup = tmp_path / "saved.tar"
    ready.command("backup", str(backup))
    _as_it_once_was(backup, password)
    shutil.rmtree(ready.store)
    shutil.rmtree(ready.folder / "data")

    assert ready.command("restore", str(backup)).returncode == 0
    assert ready.run(hash_of_anna) == password


def _as_it_once_was(backup: Path, password: str) -> None:
    """Write the archive again with the password in its row, as archives had it before."""
    with tarfile.open(backup) as old:
        files = {member.name: old.extractfile(member).read() for member in old}  # type: ignore[union-attr]
    rows = [json.loads(line) for line in files["site/rows.jsonl"].decode().splitlines()]
    for row in rows:
        if row["model"] == "accounts.user":
            row["fields"]["password"] = password
    files["site/rows.jsonl"] = "".join(json.dumps(row) + "\n" for row in rows).encode()
    body = json.loads(files.pop("manifest.json"))
    body["files"] = {name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()}
    with tarfile.open(backup, "w") as new:
        for name, data in (*files.items(), ("manifest.json", json.dumps(body).encode())):
            head = tarfile.TarInfo(name)
            head.size = len(data)
            new.addfile(head, io.BytesIO(data))


def _holds_nothing_that_opens_accounts(backup: Path) -> None:
    held = backup.read_bytes()
    assert SECRET_OF_ANNA.encode() not in held
    assert b"argon2" not in held


@pytest.mark.postgresql
@pytest.mark.slow
def test_it_moves_from_one_database_to_the_other_and_back(ready: Installation, tmp_path: Path) -> None:
    with cluster() as address:
        large = Installation(tmp_path / "large", tmp_path / "large" / "store", database=address)
        small = Installation(tmp_path / "small", tmp_path / "small" / "store")
        answers = []
        for number, (given, taking) in enumerate(((ready, large), (large, small))):
            saved = str(tmp_path / f"{number}.tar")
            answers += [given.command("backup", saved), taking.command("restore", saved)]
        audits = [one.command("verify", "--audit", "--json").stdout for one in (ready, large, small)]

    assert [answer.returncode for answer in answers] == [0] * 4
    assert json.loads(audits[0])["rows"] > 0
    assert audits[1:] == audits[:1] * 2


def test_it_saves_a_store_that_has_no_site(installation: Installation, tmp_path: Path) -> None:
    saved = installation.command("backup", str(tmp_path / "saved.tar"), "--store", str(installation.store), "--json")
    assert json.loads(saved.stdout)["files"] > 10


def test_it_asks_for_an_upgrade_before_it_serves(installation: Installation) -> None:
    refused = installation.command("serve", "--port", "1")
    assert (refused.returncode, refused.stderr[:5]) == (2, "SI001")
    assert "piramide upgrade" in refused.stderr


def test_a_new_site_is_well_before_anything_was_measured(tmp_path: Path) -> None:
    new = Installation(tmp_path, tmp_path / "var" / "store")
    assert new.command("upgrade").returncode == 0

    ask = "c = Client(SERVER_NAME='localhost'); print([c.get(a).status_code for a in ('/salute/', '/', '/en/')])"
    look = f"from django.test import Client; {ask}"

    assert new.run(look) == "[200, 200, 200]"


def is_answered(port: int) -> bool:
    asked = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/salute/")
        return asked.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


@pytest.mark.slow
def test_it_serves_until_it_is_told_to_stop_and_leaves_no_process_behind(upgraded: Installation) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    served = upgraded.start("serve", "--port", str(port), "--with-worker")
    try:
        until = time.monotonic() + 120
        while not is_answered(port) and time.monotonic() < until:
            time.sleep(0.2)
        assert is_answered(port)
        started = children_of(served.pid)
        assert len(started) == 2
        served.terminate()
        assert served.wait(60) == 0
    finally:
        served.kill()
        served.wait()

    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    assert not is_answered(port)


def test_it_refuses_a_short_password_for_the_first_administrator(upgraded: Installation) -> None:
    refused = upgraded.command(*ADMINISTRATOR, **{**PASSWORD, "PIRAMIDE_PASSWORD": "corta"})
    assert (refused.returncode, refused.stderr[:5]) == (2, "SI002")


def test_it_registers_runs_once_and_makes_no_users_outside_the_demonstration(installation: Installation) -> None:
    assert "3" in installation.command("upgrade").stdout
    assert "0" in installation.command("upgrade").stdout
    assert installation.run("from piramide.web.accounts.models import User; print(User.objects.count())") == "0"


def test_it_begins_the_demonstration_once(invented: Installation) -> None:
    look = (
        "from piramide.web.collection.models import *; from piramide.web.accounts.models import User; "
        "print(Campaign.objects.count(), Value.objects.count(), Contest.objects.count(), User.objects.count())"
    )
    first = invented.run(look)
    again = invented.command("upgrade")

    assert (again.returncode, again.stderr.count("Traceback")) == (0, 0)
    assert invented.run(look) == first
    assert first.split()[0] == "2"


def test_it_reminds_each_person_once_a_day_however_often_it_is_called(invented: Installation) -> None:
    mails = invented.folder / "mails"
    mails.mkdir()
    rounds = [
        json.loads(invented.command("housekeeping", "--json", PIRAMIDE_EMAIL_URL=f"filemail:///{mails}").stdout)
        for _round in range(2)
    ]
    text = "".join(path.read_text() for path in mails.iterdir())

    assert rounds[0]["mails"] > 0
    assert (rounds[1]["mails"], rounds[1]["messages"]) == (0, 0)
    assert text.count("Subject: ") == rounds[0]["mails"]
    assert text.count("To: dati@example.org") == 1


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_its_units_call_commands_that_exist(unit: str, installation: Installation) -> None:
    lines = (DEPLOY / unit).read_text().splitlines()
    called = [line.partition("/bin/piramide ")[2].split() for line in lines if line.startswith("ExecStart")]

    assert called
    for words in called:
        known = installation.command(words[0], "--help")
        assert known.returncode == 0
        assert all(word in known.stdout for word in words if word.startswith("--"))


def test_it_has_a_timer_for_the_unit_that_runs_once() -> None:
    for timer in DEPLOY.glob("*.timer"):
        assert "OnCalendar=" in timer.read_text()
        assert "Type=oneshot" in timer.with_suffix(".service").read_text()
    assert (DEPLOY / "piramide-housekeeping.timer").is_file()


def test_it_keeps_its_secret_key_for_its_owner_alone(upgraded: Installation) -> None:
    key = upgraded.folder / "data" / "secret-key"
    assert key.stat().st_mode & 0o077 == 0
    first = key.read_text()
    upgraded.command("upgrade")
    assert key.read_text() == first
    assert len(first) > 60


def test_it_says_that_no_password_was_given_where_nobody_can_type_one(upgraded: Installation) -> None:
    refused = upgraded.command(*ADMINISTRATOR, **{**PASSWORD, "PIRAMIDE_PASSWORD": ""})
    assert (refused.returncode, refused.stderr[:5]) == (2, "SI007")

"""A pack that was read before is opened from what was kept of it, and only where that is of the same files and code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from piramide.cycle.plans import checked
from piramide.cycle.plans.checked import check_report
from piramide.kernel import kept
from piramide.kernel.findings import Refusal
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import load_pack, open_folder, opening, pack_folders


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(pack_folders()["comune-esempio"], tmp_path / "comune"))


def entry() -> Path:
    (only,) = kept.cache_folder().glob("*")
    return only


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "load_pack", lambda *_, **__: pytest.fail("read anew"))


@pytest.mark.parametrize("demonstration", [False, True])
@pytest.mark.parametrize("name", sorted(pack_folders()))
def test_a_shipped_pack_opens_as_its_files_say_it(
    name: str, demonstration: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = load_pack(pack_folders()[name], demonstration=demonstration)
    open_folder(pack_folders()[name], demonstration=demonstration)
    forbid_reading(monkeypatch)

    known = open_folder(pack_folders()[name], demonstration=demonstration)

    assert known == read
    assert repr(known) == repr(read)  # the order of mappings, lists and tuples too
    assert examine(known) == examine(read)  # each message with its file and line


def test_a_known_pack_tells_the_folder_it_was_opened_from(folder: Path, tmp_path: Path) -> None:
    open_folder(folder)
    elsewhere = Path(shutil.copytree(folder, tmp_path / "elsewhere"))
    (elsewhere / "empty").mkdir()

    known = open_folder(elsewhere)

    assert (known.root, known.unread) == (str(elsewhere), ("empty/",))


def test_a_pack_of_other_files_is_read(folder: Path) -> None:
    first = open_folder(folder)
    head = folder / "pack.yaml"
    head.write_text(head.read_text().replace(first.label, "Un altro piano"))

    assert open_folder(folder).label == "Un altro piano"
    head.write_text("label: [")
    with pytest.raises(Refusal) as caught:
        open_folder(folder)
    assert caught.value.findings[0].place.file == "pack.yaml"


@pytest.mark.parametrize("place", [0, 40, 70, 700, -1])
def test_an_entry_with_one_other_byte_is_read_anew_and_mended(folder: Path, place: int) -> None:
    read = open_folder(folder)
    whole = entry().read_bytes()
    damaged = bytearray(whole)
    damaged[place] ^= 1
    entry().write_bytes(damaged)

    assert open_folder(folder) == read
    assert entry().read_bytes() == whole


def test_a_sound_entry_under_the_name_of_another_is_not_believed(folder: Path, tmp_path: Path) -> None:
    open_folder(folder)
    first = entry()
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    head = other / "pack.yaml"
    head.write_text(f"{head.read_text()}\n# another\n")
    expected = open_folder(other)
    (second,) = set(kept.cache_folder().glob("*")) - {first}
    second.write_bytes(first.read_bytes())

    assert open_folder(other) == expected == load_pack(other)


def test_an_entry_of_other_code_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_folder(folder)
    first = entry()
    monkeypatch.setattr(kept, "_code", lambda _: "of tomorrow")

    open_folder(folder)

    assert len(set(kept.cache_folder().glob("*")) - {first}) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator gives files away")
def test_an_entry_of_another_user_is_written_over(folder: Path) -> None:
    open_folder(folder)
    os.chown(entry(), 12345, 12345)

    open_folder(folder)

    assert entry().stat().st_uid == os.geteuid()


def test_where_nothing_can_be_written_packs_are_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "below"))

    assert open_folder(folder) == open_folder(folder) == load_pack(folder)


def test_who_has_no_home_keeps_nothing_and_makes_no_folder_where_the_command_runs(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)

    before = set(tmp_path.iterdir())

    assert open_folder(folder) == load_pack(folder)
    assert set(tmp_path.iterdir()) == before


def test_what_is_kept_is_for_its_user_alone_and_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_ENTRIES", 3)
    head = folder / "pack.yaml"
    text = head.read_text()
    open_folder(folder)
    first = entry()
    for number in range(5):
        os.utime(first)  # one that is asked for again and again stays
        head.write_text(f"{text}\n# {number}\n")
        open_folder(folder)

    entries = list(kept.cache_folder().glob("*"))
    assert len(entries) == 3
    assert first in entries
    assert {path.stat().st_mode & 0o077 for path in (*entries, kept.cache_folder())} == {0}


def test_a_known_pack_starts_neither_the_reader_of_sql_nor_the_checks_of_files(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from piramide.methodology.loading import open_folder;"
        "from piramide.methodology.profiles import lacking_profile;"
        "lacking_profile(open_folder(Path(sys.argv[1])));"
        "print(*{'sqlglot', 'pydantic', 'yaml'} & set(sys.modules))"
    )
    told = [
        subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True) for _ in "12"
    ]

    assert told[1].stdout.split() == []
    assert told[0].stdout.split() != []


def test_what_was_read_while_somebody_wrote_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = replace(load_pack(folder), hash="sha256:of a later state")
    with monkeypatch.context() as patched:
        patched.setattr(opening, "load_pack", lambda *_, **__: later)
        assert open_folder(folder).hash == later.hash

    assert open_folder(folder) == load_pack(folder)


def test_a_pack_that_was_checked_is_not_checked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = check_report(str(folder))
    monkeypatch.setattr(checked, "_examined", lambda _: pytest.fail("checked anew"))
    again = check_report(str(folder))

    assert again == first
    for language in ("it", "en"):
        assert [one.message(language) for one in again.findings] == [one.message(language) for one in first.findings]


def test_an_empty_folder_is_no_part_of_the_hash_and_told_all_the_same(folder: Path) -> None:
    before = check_report(str(folder))
    (folder / "misspelt").mkdir()

    assert {finding.code for finding in check_report(str(folder)).findings} > {f.code for f in before.findings}

"""A backup proves itself, and nothing is overwritten or half restored."""

from __future__ import annotations

import errno
import json
import os
import resource
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from piramide.cycle.backup import check_backup, put_store, unpacked, write_backup
from piramide.cycle.runs.store import FORMAT, Store
from piramide.kernel.findings import Refusal


def _quiet(_step: str, _done: int, _of: int) -> None:
    """Say nothing."""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    for name, text in (("format", "1\n"), ("runs/abc/manifest.json", "{}"), ("cube/x.parquet", "made again")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "runs" / ".draft-1").mkdir()
    (folder / "runs" / ".draft-1" / "half").write_text("half")
    return folder


def test_it_saves_what_was_kept_and_leaves_out_what_can_be_made_again(store: Path, tmp_path: Path) -> None:
    made = write_backup(tmp_path / "b.tar", {"store": store}, _quiet)
    assert set(made.files) == {"store/format", "store/runs/abc/manifest.json"}
    assert check_backup(tmp_path / "b.tar", _quiet).files == made.files


def test_it_restores_every_byte_and_only_where_nothing_stands(store: Path, tmp_path: Path) -> None:
    write_backup(tmp_path / "b.tar", {"store": store}, _quiet)
    again = tmp_path / "again" / "store"
    with unpacked(tmp_path / "b.tar", again, _quiet) as folder:
        put_store(folder, again)
    assert (again / "runs" / "abc" / "manifest.json").read_text() == "{}"
    assert [path.name for path in again.parent.iterdir()] == ["store"]
    with unpacked(tmp_path / "b.tar", again, _quiet) as folder, pytest.raises(Refusal, match="CY025"):
        put_store(folder, again)


def test_it_never_writes_over_an_earlier_backup(store: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("mine")
    with pytest.raises(Refusal, match="CY021"):
        write_backup(tmp_path / "b.tar", {"store": store}, _quiet)
    assert (tmp_path / "b.tar").read_text() == "mine"


def test_it_leaves_nothing_where_it_cannot_write(store: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="CY022"):
        write_backup(tmp_path / "no" / "b.tar", {"store": store}, _quiet)
    assert not (tmp_path / "no").exists()


def _touched(path: Path, name: str, body: bytes) -> None:
    """The same archive with one file replaced."""
    with tarfile.open(path) as old:
        files = [(member, old.extractfile(member).read()) for member in old]  # type: ignore[union-attr]
    with tarfile.open(path, "w") as new:
        for member, content in files:
            data = body if member.name == name else content
            member.size = len(data)
            source = path.with_suffix(".part")
            source.write_bytes(data)
            with source.open("rb") as file:
                new.addfile(member, file)
            source.unlink()


def test_it_finds_an_altered_file_and_restores_nothing(store: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b.tar"
    write_backup(backup, {"store": store}, _quiet)
    _touched(backup, "store/format", b"2\n")
    with pytest.raises(Refusal, match=r"CY024.*store/format"), unpacked(backup, tmp_path / "again" / "store", _quiet):
        pass
    assert list((tmp_path / "again").glob("*")) == []


@pytest.mark.parametrize("cut", [0, 100, 1024, 2000])
def test_it_refuses_a_backup_that_stops_in_the_middle(store: Path, tmp_path: Path, cut: int) -> None:
    backup = tmp_path / "b.tar"
    write_backup(backup, {"store": store}, _quiet)
    os.truncate(backup, cut)
    with pytest.raises(Refusal, match="CY023"):
        check_backup(backup, _quiet)


def test_it_refuses_a_name_that_leaves_the_folder(store: Path, tmp_path: Path) -> None:
    backup = tmp_path / "b.tar"
    write_backup(backup, {"store": store}, _quiet)
    with tarfile.open(backup, "a") as archive:
        member = tarfile.TarInfo("../outside")
        archive.addfile(member)
    with pytest.raises(Refusal, match="CY023"):
        check_backup(backup, _quiet)
    assert not (tmp_path / "outside").exists()


def test_it_refuses_another_kind_of_archive(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "other", "files": {}}))
    with tarfile.open(tmp_path / "b.tar", "w") as archive:
        archive.add(tmp_path / "manifest.json", "manifest.json")
    with pytest.raises(Refusal, match="CY023"):
        check_backup(tmp_path / "b.tar", _quiet)


def test_what_is_not_as_it_was_kept_is_saved_and_named(store: Path, tmp_path: Path) -> None:
    Store(store).mark(FORMAT)

    made = write_backup(tmp_path / "b.tar", {"store": store}, _quiet)

    assert [(f.code, f.place.file) for f in made.findings] == [("CY007", str(store / "runs/abc/manifest.json"))]
    assert "store/runs/abc/manifest.json" in made.files


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    """The disk takes no more than so many bytes of a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_in_the_middle_leaves_nothing_and_touches_nothing(store: Path, tmp_path: Path) -> None:
    (store / "runs" / "abc" / "values.parquet").write_bytes(bytes(range(256)) * 100)
    earlier = tmp_path / "saved" / "monday.tar"
    earlier.parent.mkdir()
    write_backup(earlier, {"store": store}, _quiet)
    kept, size = earlier.read_bytes(), earlier.stat().st_size

    for room in range(0, size, size // 40):
        with _files_no_larger_than(room), pytest.raises(Refusal) as refused:
            write_backup(earlier.with_name("tuesday.tar"), {"store": store}, _quiet)
        (finding,) = refused.value.findings
        assert (finding.code, finding.place.file) == ("CY022", str(earlier.with_name("tuesday.tar"))), room
        assert "file too large" in finding.message("en")
        assert [path.name for path in earlier.parent.iterdir()] == ["monday.tar"], room

    assert earlier.read_bytes() == kept
    write_backup(earlier.with_name("tuesday.tar"), {"store": store}, _quiet)
    assert earlier.with_name("tuesday.tar").read_bytes() == kept


def test_a_disk_that_fills_up_in_a_restore_leaves_no_store(store: Path, tmp_path: Path) -> None:
    (store / "runs" / "abc" / "values.parquet").write_bytes(bytes(range(256)) * 100)
    write_backup(tmp_path / "b.tar", {"store": store}, _quiet)
    again = tmp_path / "again" / "store"

    with (
        _files_no_larger_than(5000),
        pytest.raises(Refusal, match=r"CY022.*again/store"),
        unpacked(tmp_path / "b.tar", again, _quiet) as folder,
    ):
        put_store(folder, again)

    assert list(again.parent.iterdir()) == []


def test_a_file_that_cannot_be_read_is_named_and_no_backup_is_left(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may read everything: the system is made to refuse."""
    behind = store / "runs" / "abc" / "manifest.json"
    opened = Path.open

    def refusing(path: Path, *arguments: object, **more: object) -> object:
        if path == behind:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(Refusal, match=r"CY028.*manifest\.json"):
        write_backup(tmp_path / "b.tar", {"store": store}, _quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]

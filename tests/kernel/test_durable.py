"""A file or a folder is there whole, or what was there before is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from piramide.kernel import durable
from piramide.kernel.durable import put, whole_file, whole_folder, write_new, write_whole


class Torn(Exception):  # noqa: N818 - what happens to a writer
    """The writer stops in the middle."""


def write_half(path: Path) -> None:
    with whole_file(path) as draft:
        draft.write_bytes(b"hal")
        raise Torn


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "format"
    write_whole(path, "2\n")

    write_whole(path, "3\n")

    assert (path.read_bytes(), names(tmp_path)) == (b"3\n", ["format"])


def test_a_writer_that_stops_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    write_whole(path, "before")

    with pytest.raises(Torn):
        write_half(path)

    assert (path.read_text(encoding="utf-8"), names(tmp_path)) == ("before", ["values.csv"])


def test_a_new_file_is_never_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_new(path, "first", mode=0o600)

    with pytest.raises(FileExistsError):
        write_new(path, "second")

    assert (path.read_text(encoding="utf-8"), names(tmp_path)) == ("first", ["secret"])
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_new(tmp_path / "a", "first")

    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", "second")

    assert ((tmp_path / "a").read_text(encoding="utf-8"), names(tmp_path)) == ("first", ["a"])


def test_a_folder_appears_whole_and_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    kept = durable.sync

    def noting(path: Path) -> None:
        synced.append(path.name)
        kept(path)

    monkeypatch.setattr(durable, "sync", noting)
    final = tmp_path / "run"

    with whole_folder(final) as draft:
        put(draft / "pack" / "pack.yaml", "id: a\n")
        put(draft / "manifest.json", "{}")
        assert not final.exists()
        drafted = draft.name

    assert sorted(names(final)) == ["manifest.json", "pack"]
    assert sorted(synced[:-2]) == ["manifest.json", "pack", "pack.yaml"]
    assert synced[-2:] == [drafted, tmp_path.name]
    assert (names(tmp_path), final.stat().st_mode & 0o777) == (["run"], 0o755)


def test_a_folder_that_holds_something_is_left(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "kept").touch()

    with pytest.raises(OSError, match="not empty"), whole_folder(tmp_path / "run") as draft:
        put(draft / "other", "x")

    assert (names(tmp_path), names(tmp_path / "run")) == (["run"], ["kept"])


def test_the_short_way_works_inside_drafts_alone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="format"):
        put(tmp_path / "format", "3\n")


def test_what_a_killed_process_left_is_swept_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    for name in (".draft-old.tar-1", ".draft-new.tar-2", "kept.tar"):
        (tmp_path / name).touch()
    (tmp_path / ".draft-folder").mkdir()
    for name in (".draft-old.tar-1", ".draft-folder", "kept.tar"):
        os.utime(tmp_path / name, (0, 0))

    durable.sweep(tmp_path, durable.DRAFT)

    assert names(tmp_path) == [".draft-new.tar-2", "kept.tar"]

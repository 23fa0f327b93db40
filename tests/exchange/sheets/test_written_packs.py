"""The pack folder of an import: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from piramide.exchange.sheets import SheetImport, import_sheets, write_pack
from piramide.kernel.findings import Refusal
from piramide.methodology.loading import load_pack
from piramide.methodology.model import Pack

At = Callable[[str], Path]
OFFICIAL = ("dcm_milano.txt", "trentino_alto_adige.txt", "dc_risorse_umane.txt")


@pytest.fixture(scope="module")
def read() -> SheetImport:
    folder = Path(__file__).parent / "fixtures"
    return import_sheets([folder / name for name in OFFICIAL])


def test_it_writes_a_pack_that_loads(read: SheetImport, tmp_path: Path, round_trip: Callable[..., int]) -> None:
    assert round_trip(read, tmp_path / "pack") == 3


def test_it_carries_the_structures_above(read: SheetImport, tmp_path: Path, shipped: Pack) -> None:
    write_pack(read, tmp_path / "pack")

    written = load_pack(tmp_path / "pack").organisation
    assert set(written.ids()) == {
        "nazionale",
        "direzione_generale",
        "dcm_milano",
        "trentino_alto_adige",
        "dc_risorse_umane",
    }
    known = {structure.id: structure for structure in shipped.organisation.versions}
    assert all(known[structure.id] == structure for structure in written.versions)


def test_it_carries_definitions_with_all_that_they_name(read: SheetImport, tmp_path: Path, shipped: Pack) -> None:
    write_pack(read, tmp_path / "pack")

    pack = load_pack(tmp_path / "pack")
    for key, item in pack.indicators.items():
        known = shipped.indicators[key]
        assert (item.rule, item.unit, item.cap, item.formula) == (known.rule, known.unit, known.cap, known.formula)
        assert not item.profile or item.profile in pack.profiles
        assert not item.citation.act or item.citation.act in pack.acts
    assert pack.acts == {key: shipped.acts[key] for key in pack.acts}


def test_it_writes_the_projects_as_the_register(read: SheetImport, tmp_path: Path, shipped: Pack) -> None:
    write_pack(read, tmp_path / "pack")

    written = load_pack(tmp_path / "pack").chain.register

    told = [(entry.structure, entry.id, entry.node, entry.scored, entry.kind, entry.responsible) for entry in written]
    assert sorted(told) == sorted(
        (entry.structure, entry.id, entry.node, entry.scored, entry.kind, entry.responsible)
        for entry in shipped.chain.register
    )


def test_it_writes_into_an_empty_folder(read: SheetImport, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()

    assert tmp_path / "pack" / "pack.yaml" in write_pack(read, tmp_path / "pack")


def test_it_refuses_a_folder_with_something_in_it(read: SheetImport, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(Refusal, match="SH008"):
        write_pack(read, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_it_leaves_nothing_behind_when_it_cannot_write(
    read: SheetImport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Refusal, match="SH045"):
        write_pack(read, tmp_path / "pack")

    assert not list(tmp_path.iterdir())


def test_it_writes_what_must_be_confirmed(fixture_path: At, tmp_path: Path) -> None:
    write_pack(import_sheets([fixture_path("odd_sardegna.txt")]), tmp_path / "pack")

    assert "confermare" in load_pack(tmp_path / "pack").indicators["tempo_medio_risposta"].quality.limits
    assert "SH017" in (tmp_path / "pack" / "interpretations.md").read_text(encoding="utf-8")


def test_it_writes_the_same_bytes_twice(read: SheetImport, tmp_path: Path) -> None:
    write_pack(read, tmp_path / "one")
    write_pack(read, tmp_path / "two")

    assert load_pack(tmp_path / "one").hash == load_pack(tmp_path / "two").hash

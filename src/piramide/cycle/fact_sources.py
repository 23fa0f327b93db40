"""What a user asks to load: sources of one dataset each, or folders whose files are named after their datasets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from piramide.kernel.findings import Place, refuse
from piramide.measurement.contract import contract, contracts

_FIRST = ("products",)
_ENDINGS = frozenset({".csv", ".parquet"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """(Dataset, source) pairs in the order of loading; `left_out` are files that no dataset is named after.

    `from_folders`: whoever names a whole folder wants what is new in it, and what is there already is passed over.
    """

    pairs: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()
    from_folders: bool = False


def parse_sources(arguments: Iterable[str]) -> Wanted:
    """`DATASET=SOURCE` and `FOLDER` arguments; the catalogue comes first, because the others need it.

    Raises `Refusal`: FA037 for what is neither, FA001 for a dataset that does not exist, FA058 for a folder with no
    file named after a dataset, FA059 for a folder of one dataset without files.
    """
    pairs: list[tuple[str, str]] = []
    left_out: list[str] = []
    from_folders = False
    for argument in arguments:
        dataset, equals, source = argument.partition("=")
        if Path(argument).is_dir():
            found, others = _named_after_datasets(Path(argument))
            pairs += found
            left_out += others
            from_folders = True
        elif equals and source:
            pairs += [(contract(dataset).id, name) for name in _files(source)]
        else:
            raise refuse("FA037", subject=argument)
    return Wanted(tuple(sorted(pairs, key=lambda pair: pair[0] not in _FIRST)), tuple(left_out), from_folders)


def _named_after_datasets(folder: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """`staff.csv`, `work.parquet`, what is in `work/`; and the other files of facts, which have no dataset."""
    pairs: list[tuple[str, str]] = []
    others: list[str] = []
    for path in sorted(folder.iterdir()):
        name = path.name if path.is_dir() else path.stem
        if path.is_dir() and name in contracts():
            pairs += [(name, str(file)) for file in _facts_in(path)]
        elif _holds_facts(path):
            if name in contracts():
                pairs.append((name, str(path)))
            else:
                others.append(str(path))
    if not pairs:
        raise refuse("FA058", Place(str(folder)), ", ".join(contracts()))
    return pairs, others


def _files(source: str) -> list[str]:
    """The source itself; of a folder its CSV and Parquet files, in the order of their names."""
    if not Path(source).is_dir():
        return [source]
    files = _facts_in(Path(source))
    if not files:
        raise refuse("FA059", Place(source))
    return [str(path) for path in files]


def _facts_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _holds_facts(path))


def _holds_facts(path: Path) -> bool:
    return path.suffix.lower() in _ENDINGS and path.is_file()

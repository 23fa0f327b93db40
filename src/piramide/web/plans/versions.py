"""The plans of this installation: those that ship or lie in its folders, and those adopted here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404

from piramide.cycle.plans.adoptions import adoptions_in
from piramide.cycle.plans.drafting.source import PlanSource, open_source
from piramide.cycle.plans.known import known_packs
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.reports.labels import labels
from piramide.web.plans.models import Draft
from piramide.web.plans_in_force import every_plan, plan, plan_called

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
"""The moment of adoption of what was not adopted here."""


def adopted_folder() -> Path:
    """Where plans adopted here are kept, a folder each: what `--packs` takes."""
    folder: Path = settings.CONFIGURATION.adopted
    return folder


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the plan: where its files are, and the draft it was if it was adopted here."""

    folder: Path
    draft: Draft | None = None

    @property
    def source(self) -> PlanSource:
        """Its files, read once per process."""
        return source_of_folder(self.folder)

    @property
    def printed(self) -> Pack:
        """The plan as printed."""
        return self.source.printed

    @property
    def pack(self) -> Pack:
        """The plan with every dated exception applied."""
        return pack_in_force(self.source)

    @property
    def since(self) -> date:
        """The day from which it is in force."""
        return (self.draft and self.draft.effective_on) or self.printed.since

    @property
    def is_touched(self) -> bool:
        """Whether the files are no more those that were adopted."""
        return self.draft is not None and self.printed.hash != self.draft.adopted_hash


def source_of_folder(folder: Path) -> PlanSource:
    """The files of a plan; read again only when they are written anew."""
    written = (folder / "pack.yaml").stat().st_mtime_ns
    return _source(folder, written, bool(settings.CONFIGURATION.demonstration))


@lru_cache(maxsize=16)
def _source(folder: Path, _written: int, demonstration: bool) -> PlanSource:  # noqa: FBT001 - part of the key
    return open_source(folder, demonstration=demonstration)


@lru_cache(maxsize=16)
def pack_in_force(source: PlanSource) -> Pack:
    """The plan with every dated exception applied."""
    return in_force(source.printed)


def kind_label(pack: Pack, kind: str, language: str) -> str:
    """What a page calls a kind of structures: the word of the documents, else the pack's own."""
    return labels(language).kind(kind, pack.structure_kinds)


@cache
def _installed() -> dict[str, Path]:
    """Folders of the plans of this administration that lie in the folders of the installation."""
    lines = known_packs(settings.CONFIGURATION.house_packs)
    return {line.id: Path(line.folder) for line in lines if line.administration == plan().administration}


def versions() -> list[Version]:
    """Every version, the latest first."""
    adopted = Draft.objects.exclude(adopted_hash="")
    found = [Version(folder) for folder in _installed().values()]
    found += [Version(adopted_folder() / draft.pack, draft) for draft in adopted]
    present = [version for version in found if (version.folder / "pack.yaml").is_file()]
    moments = {adoption.pack: adoption.at for adoption in adoptions_in(adopted_folder())[0]}
    return sorted(present, key=lambda version: (version.since, moments.get(version.folder.name, _NEVER)), reverse=True)


def plans_with_chain() -> list[Pack]:
    """The plans that declare a chain from strategy to their objectives, the latest first: installed, or in force."""
    found = {name: plan_called(name) for name in _installed()}
    found |= {one.pack.id: one.pack for one in every_plan()}
    declared = (pack for pack in found.values() if pack.chain.levels)
    return sorted(declared, key=lambda pack: (pack.since, pack.id), reverse=True)


def version_called(name: str) -> Version:
    """The version with this id; 404 when there is none."""
    if name in _installed():
        return Version(_installed()[name])
    draft = Draft.objects.filter(pack=name).exclude(adopted_hash="").first()
    folder = adopted_folder() / name
    if draft is None or not (folder / "pack.yaml").is_file():
        raise Http404(name)
    return Version(folder, draft)


def is_taken(name: str) -> bool:
    """Whether a plan or a draft has this name."""
    return name in _installed() or (adopted_folder() / name).exists() or Draft.objects.filter(pack=name).exists()

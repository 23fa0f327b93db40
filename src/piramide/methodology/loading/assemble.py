"""One pack from its folder, with all that checks its files; `opening` is the way in."""

from __future__ import annotations

from pathlib import Path

from piramide.kernel.organisation import Organisation
from piramide.methodology.loading import definitions
from piramide.methodology.loading.chain import Known, read_chain
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.money import money
from piramide.methodology.loading.organisation import read_organisation
from piramide.methodology.loading.phases import read_phases
from piramide.methodology.loading.planning import read_planning
from piramide.methodology.loading.read_sections import ReadSection, read_pack_yaml, read_section
from piramide.methodology.loading.reweighting import reweighting
from piramide.methodology.loading.sections import SECTIONS, PackSection
from piramide.methodology.loading.sheet_words import sheet_words
from piramide.methodology.loading.trees import build_sheets, build_templates, empty_trees, read_targets, read_trees
from piramide.methodology.loading.years import read_years
from piramide.methodology.model import Indicator, Pack, Sheet

DEMONSTRATION = "demonstration/"


def assembled(folder: Path, *, demonstration: bool) -> Pack:
    """The pack of a folder, as `opening.load_pack` says it."""
    files = PackFiles(folder)
    head, text = read_pack_yaml(files)
    sections = {name: read_section(files, name, text) for name in SECTIONS}
    past, past_places = definitions.history(files)
    organisation, places = read_organisation(files, head, text)
    digest = files.digest()  # refuses what is no file of a pack
    in_points = head.weights == "points"
    sheets = _sheets(files, organisation, demonstration=demonstration, in_points=in_points)
    parameters = definitions.parameters(sections["parameters"])
    tables, aliases = definitions.tables(sections["tables"], files), definitions.aliases(files)
    return Pack(
        id=head.id,
        label=head.label,
        administration=head.administration,
        year=head.year,
        since=head.validity.since,
        until=head.validity.until,
        hash=digest,
        root=str(folder),
        language=head.language,
        acts=definitions.acts(sections["acts"]),
        organisation=organisation,
        indicators=_indicators(files, head, sections["indicators"], demonstration=demonstration),
        measures=definitions.measures(sections["measures"]),
        sheets=sheets,
        templates=build_templates(read_trees(files, "templates"), in_points=in_points),
        parameters=parameters,
        scales=definitions.scales(sections["scales"]),
        profiles=definitions.profiles(sections["profiles"]),
        history=past,
        overrides=definitions.overrides(sections["overrides"]),
        aliases=aliases,
        tables=tables,
        identities=definitions.identities(sections["identities"]),
        is_demonstration=demonstration,
        cap=head.cap.value,
        missing=head.missing,
        organisation_places=places,
        history_places=past_places,
        boards=definitions.boards(head.boards),
        unread=files.unread(),
        empty_trees=empty_trees(files, "trees"),
        structure_kinds=dict(head.structure_kinds),
        sheet_words=sheet_words(sections["sheet"]),
        phases=read_phases(files, organisation.ids(), sheets),
        years=read_years(files, organisation.ids(), sheets, head.year),
        chain=read_chain(files, sections["chain"], Known(organisation.ids(), sheets, tables, aliases)),
        money=money(sections["money"], organisation.ids()),
        reweighting=reweighting(sections["reweighting"], parameters),
        weighs_in_points=in_points,
        planning=read_planning(files, sections["planning"], organisation.ids(), tables),
    )


def _indicators(
    files: PackFiles, head: PackSection, section: ReadSection, *, demonstration: bool
) -> dict[str, Indicator]:
    answer = definitions.indicators(section, head)
    if demonstration and files.has(f"{DEMONSTRATION}indicators.yaml"):
        layer = read_section(files, "indicators", None, DEMONSTRATION)
        answer |= definitions.indicators(layer, head)
    return answer


def _sheets(files: PackFiles, organisation: Organisation, *, demonstration: bool, in_points: bool) -> dict[str, Sheet]:
    known = organisation.ids()
    targets = read_targets(files, "targets", known)
    forest = read_trees(files, "trees")
    if not demonstration:
        return build_sheets(forest, targets, organisation, "stated", in_points=in_points)
    invented = read_trees(files, f"{DEMONSTRATION}trees")
    invented = {cell: rows for cell, rows in invented.items() if cell not in forest}
    extra = read_targets(files, f"{DEMONSTRATION}targets", known)
    base = build_sheets(
        forest,
        targets | {k: v for k, v in extra.items() if k[0] in forest},
        organisation,
        "stated",
        in_points=in_points,
    )
    rest = {k: v for k, v in extra.items() if k[0] not in forest}
    layer = build_sheets(invented, rest, organisation, "demonstration", in_points=in_points)
    return {name: base.get(name) or layer[name] for name in known if name in base or name in layer}

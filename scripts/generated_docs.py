"""Pages of docs/ that are made from code: run it to write them again; a test compares them with what it would write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

import house_picture

from piramide.kernel import glossary, wording
from piramide.kernel.expressions import parse
from piramide.measurement import contract
from piramide.methodology.groups import Groups
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.loading.sections import json_schemas
from piramide.methodology.measures import Measure
from piramide.methodology.model import Node, Pack
from piramide.methodology.parent_rules import Cases

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
SCHEMAS: Final = ROOT / "schemas"
NOTICE: Final = "<!-- Made by scripts/docs from the code: change it there. -->"


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def glossary_page() -> str:
    """The terms of the kernel's glossary, by section, and the words it refuses."""
    parts = [
        "# Glossary",
        NOTICE,
        "One concept, one word: the name in the code, what Italian acts and pages call it, what it means.",
    ]
    for title, terms in glossary.SECTIONS.items():
        rows = ((f"`{term.name}`", term.label, term.meaning) for term in terms)
        parts += [f"## {title}", table(("Name", "Italian", "Meaning"), rows)]
    refused = ((f"`{never.word}`", f"`{never.use}`", never.reason) for never in glossary.NEVER)
    parts += ["## Never in a name", table(("Never", "Use", "Because"), refused)]
    return "\n\n".join(parts) + "\n"


def errors_page() -> str:
    """Every message by code, with its remedy."""
    parts = [
        "# Errors and findings",
        NOTICE,
        (
            "Codes are stable. `error` cannot be right, `warning` is worth a look, `note` is said for the record. "
            "Braces stand for names, places and figures."
        ),
    ]
    english, italian = wording.catalogue("en"), wording.catalogue("it")
    for code in sorted(english):
        entry = english[code]
        parts += [
            f"## {code}: {entry['title']}",
            f"`{entry['severity']}` · {italian[code]['title']}",
            f"{entry['text']} {entry.get('remedy', '')}".strip(),
        ]
    return "\n\n".join(parts) + "\n"


def schema_files() -> dict[str, str]:
    """JSON schemas of the YAML files of a pack, for editors, and of the rows of the datasets."""
    schemas = json_schemas() | contract.json_schemas()
    return {name: f"{json.dumps(schema, indent=2, ensure_ascii=False)}\n" for name, schema in schemas.items()}


def datasets_page() -> str:
    """The contract of each dataset: columns, types, key."""
    parts = [
        "# Datasets",
        NOTICE,
        (
            "What an administration delivers: CSV (UTF-8, comma, header), Parquet or the rows of a PostgreSQL query, "
            "with these columns. Dates are `2024-09-30`, months `2024-09`, decimals have a point, booleans are `true` "
            "or `false`. A column that is not required may be empty or absent. "
            "[How to load them](how-to/load-facts.md); JSON schemas of the rows are in `schemas/datasets/`."
        ),
    ]
    for dataset in contract.contracts().values():
        key = ", ".join(f"`{name}`" for name in dataset.key)
        rows = ((f"`{c.name}`", _cell(c), "yes" if c.required else "", c.meaning) for c in dataset.columns)
        parts += [
            f"## {dataset.id}",
            f"*{dataset.label}.* {dataset.meaning}",
            f"Key: {key}. Dated by `{dataset.day}`.",
            table(("Column", "Type", "Required", "Meaning"), rows),
        ]
    return "\n\n".join(parts) + "\n"


def _cell(column: contract.Column) -> str:
    """Type, unit, bounds, allowed values and default of a column in a few words."""
    words = [column.type.value + (f" ({column.scale} decimals)" if column.scale else "")]
    words += [column.unit] if column.unit else []
    words += [f"id of a {column.references}"] if column.references else []
    words += [f"≥ {column.least}"] if column.least is not None else []
    words += [f"≤ {column.most}"] if column.most is not None else []
    words += [", ".join(f"`{value}`" for value in column.allowed)] if column.allowed else []
    words += [f"default `{column.default}`"] if column.default else []
    return "; ".join(words)


def pack_page(name: str) -> str:
    """What a pack that ships says: acts, indicators with rule and formula, one tree per kind of structure."""
    pack = in_force(load_pack(find_pack(name)))
    kinds = {version.id: version.kind for version in pack.organisation.versions}
    labels = {version.id: version.label for version in pack.organisation.versions}
    acts = (
        (f"`{a.id}`", a.label, " ".join(p for p in (a.kind, a.number) if p), f"{a.day or ''}")
        for a in pack.acts.values()
    )
    indicators = (
        (
            f"`{i.id}`",
            i.label,
            i.rule.value,
            i.unit,
            f"`{i.formula}`" if i.formula else "",
            f"{i.citation.act}, {i.citation.place}",
        )
        for i in pack.indicators.values()
    )
    parts = [
        f"# {pack.label}",
        NOTICE,
        (
            f"`{name}`, {pack.administration}, from {pack.since} until {pack.until}: {len(pack.sheets)} sheets, "
            f"{len(pack.indicators)} indicators, {len(pack.tables)} published tables, "
            f"{len(pack.identities)} identities."
        ),
        "## Acts",
        table(("Id", "Act", "Kind and number", "Day"), acts),
        "## Indicators",
        table(("Id", "Label", "Rule", "Unit", "Formula", "Act and place"), indicators),
        "## Trees, one per kind of structure",
    ]
    shown: set[str] = set()
    for structure, sheet in pack.sheets.items():
        if kinds[structure] not in shown:
            shown.add(kinds[structure])
            parts += [f"### {labels[structure]} (`{kinds[structure]}`)", "\n".join(tree_lines(sheet.tree))]
    return "\n\n".join(parts) + "\n"


def tree_lines(nodes: Iterable[Node], depth: int = 0) -> Iterable[str]:
    """A weighted tree as a nested list."""
    for node in nodes:
        target = "" if node.target is None else f", target {float(node.target):,.10g}"
        yield f"{'    ' * depth}- {node.label}: {float(node.weight):.2%} ({node.weight_source.value}){target}"
        yield from tree_lines(node.children, depth + 1)


def measures_page() -> str:
    """What each pack measures, from which data, and what somebody collects by hand."""
    parts = [
        "# Measures",
        NOTICE,
        (
            "The measures of the packs that ship: the numbers in the formulas of indicators, and the rows of the "
            "[datasets](datasets.md) that `piramide measure` adds them up from. The keys are explained in "
            "[the format of a pack](pack-format.md#measuresyaml). Texts in quotes are codes: areas and lines of the "
            "product catalogue, cost items, accounts, lines of the IEEP. An administration with other codes writes "
            "its own there. What is expected of a measure is a row of `budgets` under the name of that measure."
        ),
    ]
    for name in (*PACKS, "comune-esempio"):
        pack = in_force(load_pack(find_pack(name)))
        parts += [f"## {name}", table(("Measure", "Label", "Unit", "From"), map(_measure_row, pack.measures.values()))]
        parts += ["### Collected by hand", _by_hand(pack)]
    return "\n\n".join(parts) + "\n"


def _measure_row(measure: Measure) -> tuple[str, ...]:
    return f"`{measure.id}`", measure.label, measure.unit, _origin(measure)


def _origin(measure: Measure) -> str:
    """Where the figures of a measure come from, in one line."""
    if measure.formula:
        return f"`{measure.formula}`" + ("; of parents: " + _parent(measure.parent) if measure.parent else "")
    if not measure.dataset:
        return "collected by hand"
    if measure.groups is not None:
        return f"**{measure.dataset}**, {_groups(measure.groups)}"
    counted = f"{measure.aggregate} of `{measure.column}`" if measure.column else measure.aggregate
    words = [f"**{measure.dataset}**", measure.entry, counted, measure.window.replace("_", " ")]
    words += [f"credit to {measure.credit}"] if measure.credit != "competence" else []
    words += [f"across {' or '.join(measure.across)}"] if measure.across else []
    words += [f"a year before ({measure.before.replace('_', ' ')})"] if measure.before else []
    words += [f"adds {measure.adds}"] if measure.adds else []
    words += [f"span {measure.span}"] if measure.span else []
    return ", ".join(word for word in words if word) + (f": `{measure.filter}`" if measure.filter else "")


def _parent(cases: Cases) -> str:
    """How a parent gets its value, in one line."""
    rules = (
        f"{case} {rule.kind.replace('_', ' ')}" + (f" by `{rule.by}`" if rule.by else "")
        for case, rule in cases.items()
    )
    return ", ".join(rules)


def _groups(groups: Groups) -> str:
    """What a measure of groups counts, in one line."""
    if groups.judged_by:
        return f"groups judged by `{groups.judged_by}`"
    among = f" of the table `{groups.among}`" if groups.among else ""
    holds = "; ".join(f"{moment} `{condition}`" for moment, condition in groups.holds.items())
    judged = f", judged where `{groups.judged}`" if groups.judged else ""
    scored = {"count": "", "amount": f", each weighing `{groups.amount}`", "all": ", 1 if all pass"}
    return f"groups by `{', '.join(groups.by)}`{among}{judged} that hold {holds}{scored[groups.scored_by]}"


def _by_hand(pack: Pack) -> str:
    """Indicators without data: whose task they are, and when they are due."""
    rows = [
        (f"`{i.id}`", i.label, f"`{i.owner}`" if i.owner else "", i.due)
        for i in pack.indicators.values()
        if not i.composite and not _is_measurable(i.formula, pack)
    ]
    return table(("Indicator", "Label", "Owner", "Due"), rows) if rows else "Nothing: data give every indicator."


def _is_measurable(formula: str, pack: Pack) -> bool:
    if not formula:
        return False
    used = [pack.measures[n] for n in parse(formula, [*pack.measures, *pack.parameters]).names if n in pack.measures]
    return all(m.dataset or (m.formula and _is_measurable(m.formula, pack)) for m in used)


HOUSE: Final[dict[str, tuple[str, Callable[[str], house_picture.Knows]]]] = {
    "rooms": ("piramide", partial(house_picture.knows, without=("packs",))),
    "cycle": ("piramide.cycle", house_picture.knows),
    "site": ("piramide.web", partial(house_picture.knows, folders_alone=True)),
}
"""Pictures of the page on architecture: the mark that each stands between, and whose parts it shows."""


def architecture_page() -> str:
    """The page as it was written, with the pictures that the imports draw of the house today."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    for mark, (package, look) in HOUSE.items():
        begin, end = f"<!-- {mark}: made by scripts/docs from the imports -->", f"<!-- end of {mark} -->"
        before, _, rest = page.partition(begin)
        known = look(package)
        parts = table(("Part", "Holds", "Knows"), house_picture.rows(package, known))
        page = "\n\n".join([before + begin, house_picture.picture(known), parts, end + rest.partition(end)[2]])
    return page


PACKS: Final = ("inps-2021", "inps-2024")
PAGES: Final[dict[str, Callable[[], str]]] = {
    "architecture.md": architecture_page,
    "datasets.md": datasets_page,
    "errors.md": errors_page,
    "glossary.md": glossary_page,
    "measures.md": measures_page,
    **{f"methodology/{name}.md": partial(pack_page, name) for name in PACKS},
}


def write() -> None:
    """Write every generated page and schema."""
    SCHEMAS.mkdir(exist_ok=True)
    (SCHEMAS / "datasets").mkdir(exist_ok=True)
    for name, text in schema_files().items():
        (SCHEMAS / name).write_text(text, encoding="utf-8")
    for name, page in PAGES.items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()

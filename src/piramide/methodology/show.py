"""A pack in the shape of the contract: `pack show` and whatever else tells a tree as JSON."""

from __future__ import annotations

from typing import Any

from piramide.kernel.organisation import OrganisationOnDay
from piramide.methodology.chain import Chain, RegisterEntry
from piramide.methodology.in_force import in_force, last_day
from piramide.methodology.model import Citation, Node, Pack
from piramide.methodology.phases import Phase
from piramide.methodology.printing.printed import printed_target
from piramide.methodology.weights import POINTS
from piramide.methodology.years import YearTarget


def show(pack: Pack, structures: tuple[str, ...] = ()) -> dict[str, Any]:
    """The tree of each structure (all of them, or those named), as `pack show --json` prints it."""
    pack = in_force(pack)
    organisation = pack.organisation.on(last_day(pack))
    chosen = structures or tuple(pack.sheets)
    return {
        "pack": pack.id,
        "hash": pack.hash,
        "year": pack.year,
        "demonstration": pack.is_demonstration,
        "structures": [structure_as_json(pack, name, organisation) for name in chosen if name in organisation],
    }


def structure_as_json(pack: Pack, name: str, organisation: OrganisationOnDay) -> dict[str, Any]:
    """One structure with its weighted tree."""
    structure, sheet = organisation[name], pack.sheets[name]
    answer = {
        "id": name,
        "label": structure.label,
        "kind": structure.kind,
        "parent": structure.parent or None,
        "clusters": dict(structure.clusters),
        "source": sheet.source,
        "tree": [node_as_json(node, pack, name) for node in sheet.tree],
    }
    return answer | chain_as_json(name, pack.chain)


def chain_as_json(name: str, chain: Chain) -> dict[str, Any]:
    """The links, the risks and the register of a structure; a part of which the plan says nothing is left out."""
    links = [
        {"node": link.node, "kind": link.kind.value, "to": link.to, "act": act_as_json(link.citation)}
        for link in chain.links
        if link.structure == name
    ]
    risks = [
        {"node": risk.node, "risk": risk.risk, "text": risk.text, "level": risk.level.value or None}
        | {"response": risk.response, "act": act_as_json(risk.citation)}
        for risk in chain.risks
        if risk.structure == name
    ]
    register = [entry_as_json(entry) for entry in chain.register if entry.structure == name]
    return {key: told for key, told in (("links", links), ("risks", risks), ("projects", register)) if told}


def entry_as_json(entry: RegisterEntry) -> dict[str, Any]:
    """An entry of the register of projects; what the document does not say is null."""
    return {
        "id": entry.id,
        "label": entry.label,
        "kind": entry.kind,
        "node": entry.node or None,
        "scored": {"yes": True, "no": False}.get(entry.scored),
        "start": entry.start.isoformat() if entry.start else None,
        "end": entry.end.isoformat() if entry.end else None,
        "evidence": entry.evidence,
        "responsible": entry.responsible,
        "act": act_as_json(entry.citation),
    }


def node_as_json(node: Node, pack: Pack, structure: str) -> dict[str, Any]:
    """A node with its children; leaves also tell rule, unit, target and its print, cap and act."""
    answer: dict[str, Any] = {
        "id": node.id,
        "kind": node.kind.value,
        "label": node.label,
        "weight": float(node.weight),
        "weight_source": node.weight_source.value,
        "act": act_as_json(node.citation),
    }
    if pack.weighs_in_points:
        answer["points"] = float(node.weight * POINTS)
    if how := node.reweighed:
        stated = None if how.stated is None else float(how.stated)
        answer["reweighting"] = {
            "rule": how.rule,
            "guests": how.guests,
            "together": float(how.together),
            "stated": stated,
        }
    if node.children:
        return answer | {"children": [node_as_json(child, pack, structure) for child in node.children]}
    if not node.is_at_hand:
        return answer
    indicator = pack.indicators[node.indicator]
    cited = node.target_citation if node.target_citation and node.target_citation.act else node.citation
    answer |= {
        "indicator": indicator.id,
        "rule": indicator.rule.value,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "target": None if node.target is None else float(node.target),
        "printed": printed_target(node, pack),
        "cap": float(indicator.cap),
        "act": act_as_json(cited if cited.act else indicator.citation),
    }
    if indicator.value_from:
        answer["value_from"] = indicator.value_from
    if of := indicator.score_of:
        weights = {name: float(share) for name, share in (of.weights or {}).items()}
        answer["score_of"] = {"structures": list(of.structures), "node": of.node, "weights": weights}
    if indicator.composite:
        answer["parts"] = {part.node: float(part.share) for part in indicator.composite.parts}
    if curve := indicator.curve:
        points = [{"at": float(point.at), "gives": float(point.gives)} for point in curve.points]
        answer["curve"] = {"of": curve.of, "below": float(curve.below), "points": points}
    if phases := pack.phases.get((structure, node.id)):
        answer |= {"late": indicator.late.value, "phases": [phase_as_json(phase) for phase in phases]}
    years = [year_as_json(target) for target in pack.years.get((structure, node.id), ())]
    return answer | ({"years": years} if years else {})


def year_as_json(target: YearTarget) -> dict[str, Any]:
    """The target of a later year: a figure, or the rule that will give it."""
    return {
        "year": target.year,
        "target": None if target.target is None else float(target.target),
        "target_rule": target.target_rule,
        "printed": target.printed,
        "act": act_as_json(target.citation),
    }


def phase_as_json(phase: Phase) -> dict[str, Any]:
    """A phase of an objective."""
    return {
        "id": phase.id,
        "label": phase.label,
        "weight": float(phase.weight),
        "weight_source": phase.weight_source.value,
        "start": phase.start.isoformat() if phase.start else None,
        "end": phase.end.isoformat(),
        "evidence": phase.evidence,
        "responsible": phase.responsible,
        "act": act_as_json(phase.citation),
    }


def act_as_json(citation: Citation) -> dict[str, str]:
    """Act and place."""
    return {"id": citation.act, "place": citation.place}

"""A graph of statements, written as JSON-LD and as RDF/XML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Text:
    """A literal: with a language, or with the address of its type, or plain."""

    text: str
    language: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The address of another thing."""

    address: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an address: what it is, and what is said of it, by names such as `dct:title`."""

    address: str
    kinds: tuple[str, ...]
    statements: tuple[tuple[str, Text | Link], ...]


def json_ld(things: Iterable[Thing], prefixes: Mapping[str, str]) -> str:
    """The graph as JSON-LD 1.1, one object per thing."""
    graph = []
    for thing in things:
        node: dict[str, object] = {"@id": thing.address, "@type": list(thing.kinds)}
        for name in dict.fromkeys(name for name, _said in thing.statements):
            node[name] = [_as_json(said) for key, said in thing.statements if key == name]
        graph.append(node)
    return json.dumps({"@context": dict(prefixes), "@graph": graph}, ensure_ascii=False, indent=1)


def _as_json(said: Text | Link) -> dict[str, str]:
    if isinstance(said, Link):
        return {"@id": said.address}
    return {"@value": said.text} | (
        {"@language": said.language} if said.language else {"@type": said.kind} if said.kind else {}
    )


def rdf_xml(things: Iterable[Thing], prefixes: Mapping[str, str]) -> str:
    """The graph as RDF/XML."""
    for prefix, address in prefixes.items():
        ET.register_namespace(prefix, address)
    ET.register_namespace("rdf", RDF)
    root = ET.Element(f"{{{RDF}}}RDF")
    for thing in things:
        first, *others = thing.kinds
        element = ET.SubElement(root, _full(first, prefixes), {f"{{{RDF}}}about": thing.address})
        for kind in others:
            ET.SubElement(element, f"{{{RDF}}}type", {f"{{{RDF}}}resource": _address(kind, prefixes)})
        for name, said in thing.statements:
            _statement(ET.SubElement(element, _full(name, prefixes)), said)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _statement(element: ET.Element, said: Text | Link) -> None:
    if isinstance(said, Link):
        element.set(f"{{{RDF}}}resource", said.address)
        return
    element.text = said.text
    if said.language:
        element.set(_XML, said.language)
    elif said.kind:
        element.set(f"{{{RDF}}}datatype", said.kind)


def _full(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{prefixes[prefix]}}}{local}"


def _address(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local

"""Everything that the product prints of a run, put into a folder: `python printing.py FOLDER RUN FORM…`.

This drives the product and judges nothing: pages and files come through the addresses of the site, Markdown by the
command.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from typing import Any

from django.test import Client
from typer.testing import CliRunner

import piramide.web.boot  # noqa: F401 - the site, as its processes begin
from piramide.cli.main import app

DATASETS = ("risultati", "valori", "piano", "metodi", "strutture")


def main(folder: Path, run: str, forms: list[str]) -> None:
    """Write `STRUCTURE.FORM` for every structure named in `FOLDER/structures`, and the files of open data."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {"pdf": "dozen", "md": "in_markdown"}
    for form in forms:
        for structure in (folder / named.get(form, "structures")).read_text(encoding="utf-8").split():
            (folder / f"{structure}.{form}").write_bytes(_made(form, run, structure, folder))
    if "html" in forms:
        (folder / "home.html").write_bytes(_got("/"))
        for name in DATASETS:
            for form in ("csv", "json"):
                path = folder / f"open-{name}.{form}"
                path.write_bytes(_got(f"/dati-aperti/esecuzioni/{run}/{name}.{form}"))


def _made(form: str, run: str, structure: str, folder: Path) -> bytes:
    if form == "html":
        return _got(f"/strutture/{structure}/?run={run}")
    if form == "json":
        return _got(f"/api/v1/runs/{run}/structures/{structure}", reader=structure)
    if form == "md":
        path = folder / f"{structure}.md"
        command = ["report", "sheet", run, "--structure", structure, "--out", str(path)]
        if CliRunner().invoke(app, command).exit_code:
            raise SystemExit(f"{command} fails")
        return path.read_bytes()
    return _got(f"/strutture/{structure}/scheda.{form}?run={run}")


def _got(address: str, reader: str = "") -> bytes:
    """What an address answers; programs come from an address of their own each, for one alone may ask so much."""
    here = f"2001:db8:0:{zlib.crc32(reader.encode()) & 0xFFFF:x}::1"
    answer: Any = Client(HTTP_HOST="localhost", REMOTE_ADDR=here).get(address, secure=True)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])

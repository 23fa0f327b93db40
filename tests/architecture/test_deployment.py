"""What is shipped to run the site confines it: every unit alike, and an image that says when it is not well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UNITS = ("piramide.service", "piramide-worker.service", "piramide-housekeeping.service")
CONFINED = {
    "User": "piramide", "UMask": "0077", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
    "PrivateTmp": "yes", "PrivateDevices": "yes", "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes", "ProtectControlGroups": "yes", "ProtectClock": "yes", "ProtectHostname": "yes",
    "ProtectProc": "invisible", "RestrictNamespaces": "yes", "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes", "LockPersonality": "yes", "RemoveIPC": "yes", "CapabilityBoundingSet": "",
    "AmbientCapabilities": "", "KeyringMode": "private", "SystemCallArchitectures": "native",
    "SystemCallErrorNumber": "EPERM", "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "DevicePolicy": "closed", "ReadWritePaths": "/var/lib/piramide", "LimitCORE": "0",
}  # fmt: skip
"""Directives of every unit. `MemoryDenyWriteExecute` is left out: libraries that make code as they run need it."""


def directives(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_confined(root: Path, unit: str) -> None:
    found = directives((root / "deploy" / unit).read_text(encoding="utf-8"))
    assert {name: found.get(name) for name in CONFINED} == {name: [value] for name, value in CONFINED.items()}
    assert found["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    assert int(found["TasksMax"][0]) <= 256
    assert found["MemoryMax"]


def test_no_unit_is_left_out(root: Path) -> None:
    assert {path.name for path in (root / "deploy").glob("*.service")} == set(UNITS)


def test_the_image_runs_as_nobody_of_importance_and_says_when_it_is_not_well(root: Path) -> None:
    text = (root / "deploy" / "Containerfile").read_text(encoding="utf-8")
    last = text[text.rindex("\nFROM ") :]
    assert "\nUSER piramide\n" in last
    assert re.search(r"\nHEALTHCHECK .*\\\n.*/salute/", last)
    assert "--with-worker" not in last

"""An installation of its own in a folder, driven by the commands as an operator would."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = "from piramide.cli.main import run; run()"


@dataclass(frozen=True, slots=True)
class Installation:
    """Folder, whether it shows invented data, and the address of its database, SQLite in the folder without one."""

    folder: Path
    store: Path
    demonstration: bool = False
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PIRAMIDE_") or k == "PIRAMIDE_ASSETS"}
        return kept | {
            "PIRAMIDE_DATA": str(self.folder / "data"),
            "PIRAMIDE_STORE": str(self.store),
            "PIRAMIDE_DEMONSTRATION": "1" if self.demonstration else "0",
            "DJANGO_SETTINGS_MODULE": "piramide.web.settings",
            **({"PIRAMIDE_DATABASE_URL": self.database} if self.database else {}),
        }

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`piramide ARGUMENTS`, to its end."""
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            env=self.environment | environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def limited(self, most: int, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`piramide ARGUMENTS` on a disk that takes no more than so many bytes of a file."""
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); "
        return subprocess.run(
            [sys.executable, "-c", limit + COMMAND, *arguments],
            env=self.environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`piramide ARGUMENTS`, under way; whoever starts it stops it."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, code: str) -> str:
        """What `code` prints inside the site."""
        answer = subprocess.run(
            [sys.executable, "-c", f"import piramide.web.boot\n{code}"],
            env=self.environment, capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return answer.stdout.strip()

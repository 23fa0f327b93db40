"""Which engine runs the folds, and how Spark is reached: `STORE/engine.toml`, then variables of the environment.

```toml
engine = "spark"                        # duckdb when left out

[spark]
master = "spark://cluster:7077"         # or $PIRAMIDE_SPARK_MASTER; local[*] when left out
ledger = "hdfs://cluster/piramide/ledger"  # or $PIRAMIDE_SPARK_LEDGER; how the cluster sees STORE/ledger

[spark.settings]
"spark.executor.memory" = "4g"
```
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from piramide.kernel.findings import Place, refuse

FILE: Final = "engine.toml"
NAMES: Final = ("duckdb", "spark")
_KEYS: Final = frozenset({"engine", "spark", "duckdb"})
_SPARK_KEYS: Final = frozenset({"master", "ledger", "settings"})


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """How Spark is reached. `root` is STORE/ledger here, `ledger` the same folder as the cluster sees it."""

    root: Path
    master: str = "local[*]"
    ledger: str = ""
    spark: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether Spark runs inside this machine."""
        return self.master.startswith("local")

    def seen(self, file: Path) -> str:
        """The address of a file of the ledger for the cluster."""
        if not self.ledger:
            return str(file.resolve())
        return f"{self.ledger.rstrip('/')}/{file.relative_to(self.root).as_posix()}"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The engine that a store asks for and the settings of each."""

    engine: str
    spark: SparkSettings
    duckdb: Mapping[str, str] = field(default_factory=dict)


def read_configuration(store: Path, engine: str = "") -> Configuration:
    """The configuration of a store; `engine`, where given, wins over the file.

    Raises `Refusal`: ME017 a file that cannot be read or says something unknown, ME018 an engine that is none.
    """
    body = _body(store / FILE)
    chosen = engine or str(body.get("engine", NAMES[0]))
    if chosen not in NAMES:
        raise refuse("ME018", subject=chosen, known=", ".join(NAMES))
    spark = body.get("spark", {})
    settings = SparkSettings(
        root=store / "ledger",
        master=os.environ.get("PIRAMIDE_SPARK_MASTER") or str(spark.get("master", "local[*]")),
        ledger=os.environ.get("PIRAMIDE_SPARK_LEDGER") or str(spark.get("ledger", "")),
        spark={key: str(value) for key, value in spark.get("settings", {}).items()},
    )
    return Configuration(chosen, settings, {key: str(value) for key, value in body.get("duckdb", {}).items()})


def _body(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refuse("ME017", Place(str(path)), problem=str(error)) from error
    unknown = sorted((set(body) - _KEYS) | (set(body.get("spark", {})) - _SPARK_KEYS))
    if unknown:
        raise refuse("ME017", Place(str(path)), problem=", ".join(unknown))
    return body

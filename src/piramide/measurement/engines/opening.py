"""Open the engine that a configuration asks for; the module of an engine that is not used is not loaded."""

from __future__ import annotations

from importlib import import_module

from piramide.measurement.engines.configuration import Configuration
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Engine


def engine_of(configuration: Configuration) -> Engine:
    """The engine, to be entered as a context."""
    if configuration.engine == DuckdbEngine.name:
        return DuckdbEngine(dict(configuration.duckdb))
    engine: Engine = import_module("piramide.measurement.engines.spark_engine").SparkEngine(configuration.spark)
    return engine

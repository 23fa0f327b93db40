"""DuckDB and Spark answer the same; how Spark is reached is what docs/how-to/run-on-spark.md says."""

from __future__ import annotations

import filecmp
import re
import shutil
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.kernel.findings import Refusal
from piramide.measurement.engines import spark_engine
from piramide.measurement.engines.configuration import SparkSettings, read_configuration
from piramide.measurement.engines.duckdb_engine import DuckdbEngine
from piramide.measurement.engines.engine import Query
from piramide.measurement.engines.opening import engine_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "run-on-spark.md").read_text(encoding="utf-8")
LOCAL, CLUSTER = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
INSTALL, TRY, AGAIN = re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)


def follow(commands: str) -> None:
    """Run the commands of a block, each as a reader would type it."""
    for line in commands.splitlines():
        word, *arguments = line.split()
        if word == "piramide":
            told = CliRunner().invoke(app, arguments)
            assert told.exit_code == 0, f"{line}: {told.output} {told.exception}"
        elif word == "rm":
            shutil.rmtree(arguments[-1])
        else:
            assert word == "cmp", line
            one, other = arguments
            assert filecmp.cmp(one, other, shallow=False), line


@pytest.mark.java
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_reader_of_the_page_gets_the_same_file_from_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PIRAMIDE_SPARK_MASTER", raising=False)

    follow(TRY)
    (tmp_path / "archivio" / "engine.toml").write_text(LOCAL, encoding="utf-8")
    follow(AGAIN)

    rows = (tmp_path / "valori-spark.csv").read_text(encoding="utf-8").splitlines()
    assert len([row for row in rows if ",measured," in row]) > 50


def test_what_the_page_installs_is_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tests = (ROOT / "test").read_text(encoding="utf-8")
    java, extra = INSTALL.splitlines()

    assert extra == "pip install 'piramide[spark]'"
    assert [name.split(">")[0] for name in project["optional-dependencies"]["spark"]] == ["pyspark"]
    assert f"java={java.split()[-1]}" in tests


def test_a_cluster_sees_the_ledger_under_its_own_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "engine.toml").write_text(CLUSTER, encoding="utf-8")
    monkeypatch.delenv("PIRAMIDE_SPARK_MASTER", raising=False)
    file = tmp_path / "ledger" / "work" / "000001" / "entries.parquet"

    found = read_configuration(tmp_path)
    monkeypatch.setenv("PIRAMIDE_SPARK_MASTER", "yarn")
    monkeypatch.setenv("PIRAMIDE_SPARK_LEDGER", "s3a://bucket/ledger/")
    other = read_configuration(tmp_path)

    assert (found.engine, found.spark.master, found.spark.is_local) == ("spark", "spark://cluster:7077", False)
    assert found.spark.seen(file) == "hdfs://cluster/piramide/ledger/work/000001/entries.parquet"
    assert found.spark.spark["spark.executor.memory"] == "4g"
    assert (other.spark.master, other.spark.seen(file)) == ("yarn", "s3a://bucket/ledger/work/000001/entries.parquet")


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "engine.toml").write_text(LOCAL, encoding="utf-8")

    assert read_configuration(tmp_path).engine == "spark"
    assert read_configuration(tmp_path, "duckdb").engine == "duckdb"


@pytest.mark.parametrize(
    ("text", "engine", "code"),
    [
        ("engine = ", "", "ME017"),
        ("motor = 'spark'", "", "ME017"),
        ("[spark]\nmasters = 'yarn'", "", "ME017"),
        ("engine = 'flink'", "", "ME018"),
        ("", "polars", "ME018"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused(tmp_path: Path, text: str, engine: str, code: str) -> None:
    (tmp_path / "engine.toml").write_text(text, encoding="utf-8")

    with pytest.raises(Refusal, match=code):
        read_configuration(tmp_path, engine)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_engine, "SparkSession", None)

    with pytest.raises(Refusal, match=r"piramide\[spark\]"), engine_of(read_configuration(tmp_path, "spark")):
        pass


def test_a_query_that_fails_is_told_in_words() -> None:
    query = Query("SELECT CAST(text AS INTEGER) FROM words", {}, {"words": pa.table({"text": ["one"]})})

    with DuckdbEngine() as engine, pytest.raises(Refusal, match="ME010"):
        engine.run(query)


def test_a_sum_that_does_not_fit_is_refused_and_not_wrapped() -> None:
    huge = pa.table({"n": pa.array([2**62, 2**62], pa.int64())})

    with DuckdbEngine() as engine, pytest.raises(Refusal, match="ME010"):
        engine.run(Query("SELECT CAST(SUM(n) AS BIGINT) AS n FROM numbers", {}, {"numbers": huge}))


def test_a_file_outside_the_ledger_has_no_address_on_the_cluster(tmp_path: Path) -> None:
    settings = SparkSettings(tmp_path / "ledger", ledger="hdfs://cluster/ledger")

    with pytest.raises(ValueError, match="ledger"):
        settings.seen(tmp_path / "elsewhere.parquet")

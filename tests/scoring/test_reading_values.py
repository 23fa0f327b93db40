"""What a values file may say, and what is refused with its line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piramide.kernel.findings import Finding, Refusal
from piramide.methodology.model import Pack
from piramide.scoring import reading
from piramide.scoring.reading import read_values
from tests.scoring.scenes import Scene, group, indicator, leaf
from tests.scoring.typed import values_from_rows
from tests.work_done import most_bytes_held

HEADER = "structure,indicator,period,value,status,contested,note"
PACK = Scene(
    (indicator("clearance_rate"), indicator("projects", "milestone"), indicator("unused")),
    {"lazio": (group("dimension", 1, leaf("clearance_rate", "0.5", 1), leaf("projects", "0.5", 100)),)},
).pack


def refused(tmp_path: Path, *lines: str, header: str = HEADER) -> tuple[Finding, ...]:
    path = tmp_path / "values.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        read_values(path, PACK)
    return caught.value.findings


def only(findings: tuple[Finding, ...]) -> tuple[str, int]:
    assert len(findings) == 1, [str(finding) for finding in findings]
    return findings[0].code, findings[0].place.line


def test_it_reads_values_with_their_status_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_text(
        f'{HEADER}\nlazio,clearance_rate,2024-Q3,1.010,adjusted,yes,"uno, due"\nlazio,projects,2024-Q3,,,,\n',
        encoding="utf-8-sig",
    )

    values = read_values(path, PACK)

    assert values.values.tolist() == [1.01, 0.0]
    assert values.has_value.tolist() == [True, False]
    assert values.contested.tolist() == [True, False]
    assert values.notes.to_pylist() == ["uno, due", ""]
    assert str(values.exact(0)) == "101/100"


def test_it_reads_the_same_from_parquet(tmp_path: Path) -> None:
    path = tmp_path / "values.parquet"
    table = {
        "structure": ["lazio", "lazio"],
        "indicator": ["clearance_rate", "projects"],
        "period": ["2024-Q3", "2024-Q3"],
        "value": [1.01, None],
    }
    pq.write_table(pa.table(table), path)

    values = read_values(path, PACK)

    assert values.values.tolist() == [1.01, 0.0]
    assert str(values.exact(0)) == "101/100"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("lazzio,clearance_rate,2024-Q3,1,,,", "SC008"),
        ("lazio,clearence_rate,2024-Q3,1,,,", "SC009"),
        ("lazio,dimension,2024-Q3,1,,,", "SC020"),
        ("lazio,clearance_rate,2024-Q3,uno,,,", "SC011"),
        ('lazio,clearance_rate,2024-Q3,"1,02",,,', "SC012"),
        ("lazio,clearance_rate,2024-Q3,nan,,,", "SC013"),
        ("lazio,clearance_rate,2024-Q3,-inf,,,", "SC013"),
        ("lazio,clearance_rate,2024-Q3,1e999,,,", "SC013"),
        ("lazio,clearance_rate,2024-Q3,1/2,,,", "SC011"),
        ("lazio,clearance_rate,2024-Q5,1,,,", "KN013"),
        ("lazio,clearance_rate,settembre,1,,,", "KN011"),
        ("lazio,clearance_rate,2023-Q3,1,,,", "SC015"),
        ("lazio,clearance_rate,2024-Q3,1,missing,,", "SC016"),
        ("lazio,clearance_rate,2024-Q3,,measured,,", "SC018"),
        ("lazio,clearance_rate,2024-Q3,1,misurato,,", "SC017"),
        ("lazio,clearance_rate,2024-Q3,1,,maybe,", "SC014"),
        ("lazio,projects,2024-Q3,101,,,", "SC019"),
        ("lazio,clearance_rate,2024-Q3,1,02,,,", "SC012"),
        ("lazio,clearance_rate,2024-Q3,1,,,,,,", "SC007"),
        ("lazio,clearance_rate,2024-Q3", "SC007"),
    ],
)
def test_it_refuses_a_row_with_its_line(tmp_path: Path, line: str, code: str) -> None:
    findings = refused(tmp_path, "lazio,projects,2024-Q1,100,,,", line)

    assert only(findings) == (code, 3)
    assert str(tmp_path / "values.csv") in findings[0].message("it")


def test_it_suggests_the_nearest_name(tmp_path: Path) -> None:
    assert "clearance_rate" in refused(tmp_path, "lazio,clearence_rate,2024-Q3,1,,,")[0].message()


def test_it_suggests_the_number_with_a_point(tmp_path: Path) -> None:
    assert "1234.5" in refused(tmp_path, 'lazio,clearance_rate,2024-Q3,"1.234,5",,,')[0].message()


def test_it_takes_two_names_of_one_moment_for_a_duplicate(tmp_path: Path) -> None:
    findings = refused(tmp_path, "lazio,projects,2024-09,100,,,", "lazio,projects,2024-Q3,100,,,")

    assert only(findings) == ("SC010", 3)


def test_it_takes_december_and_the_final_year_for_two_moments(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_text(f"{HEADER}\nlazio,projects,2024-12,90,,,\nlazio,projects,2024,100,,,\n", encoding="utf-8")

    assert len(read_values(path, PACK)) == 2


def test_it_lists_every_fault_at_once(tmp_path: Path) -> None:
    findings = refused(
        tmp_path, "lazzio,projects,2024-Q1,1,,,", "lazio,projects,2024-Q1,x,,,", "lazio,projects,2030,1,,,"
    )

    assert [(finding.code, finding.place.line) for finding in findings] == [("SC008", 2), ("SC011", 3), ("SC015", 4)]


def test_it_lists_fifty_faults_and_counts_the_rest(tmp_path: Path) -> None:
    findings = refused(tmp_path, *(f"lazio,nothing_{number},2024-Q1,1,,," for number in range(80)))

    assert len(findings) == 51
    assert findings[-1].code == "SC024"
    assert findings[-1].fields["more"] == 30


def test_it_counts_lines_as_an_editor_does(tmp_path: Path) -> None:
    findings = refused(
        tmp_path,
        'lazio,projects,2024-Q1,1,,,"due\nrighe"',
        "",
        "lazio,projects,2024-Q2,x,,,",
    )

    assert only(findings) == ("SC011", 5)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("structure,indicator,period", "SC005"),
        ("structure,indicator,period,value,valore", "SC006"),
        ("structure,indicator,period,value,value", "SC022"),
        ("structure\tindicator\tperiod\tvalue", "SC021"),
    ],
)
def test_it_refuses_a_header(tmp_path: Path, header: str, code: str) -> None:
    assert only(refused(tmp_path, "lazio,projects,2024-Q1,1,1", header=header)) == (code, 1)


@pytest.mark.parametrize("text", ["", "\n", f"{HEADER}\n"])
def test_it_refuses_an_empty_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "values.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Refusal, match="SC003"):
        read_values(path, PACK)


@pytest.mark.parametrize("note", ["perché".encode("utf-16"), b"\x81"])
def test_it_refuses_another_encoding(tmp_path: Path, note: bytes) -> None:
    path = tmp_path / "values.csv"
    path.write_bytes(f"{HEADER}\nlazio,projects,2024-Q1,1,,,".encode() + note + b"\n")

    with pytest.raises(Refusal, match="SC004"):
        read_values(path, PACK)


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="SC001"):
        read_values(tmp_path / "values.csv", PACK)


def test_it_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="SC001"):
        read_values(tmp_path, PACK)


def test_it_refuses_broken_parquet(tmp_path: Path) -> None:
    path = tmp_path / "values.parquet"
    path.write_bytes(b"PAR1 and nothing else")

    with pytest.raises(Refusal, match="SC023"):
        read_values(path, PACK)


def test_it_refuses_a_parquet_column_whose_name_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "values.parquet"
    pq.write_table(pa.table({"structure": ["a"], "a_name": ["b"]}), path)
    path.write_bytes(path.read_bytes().replace(b"a_name", b"a\xe5name"))

    with pytest.raises(Refusal, match="SC023"):
        read_values(path, PACK)


def test_it_refuses_two_hundred_megabytes_before_it_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    def read() -> None:
        with pytest.raises(Refusal, match="SC002"):
            read_values(path, PACK)

    assert most_bytes_held(read) < 5_000_000


def test_it_remarks_on_values_that_no_sheet_asks_for(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_text(f"{HEADER}\nlazio,unused,2024-Q1,1,,,\n", encoding="utf-8")

    values = read_values(path, PACK)

    assert [(finding.code, finding.place.line) for finding in values.findings] == [("SC025", 2)]


def test_it_remarks_once_on_all_values_of_structures_without_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    lines = [f"nazionale,clearance_rate,2024-{month:02d},1,,," for month in range(1, 13)]
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")

    values = read_values(path, PACK)

    assert [(finding.code, finding.fields["count"]) for finding in values.findings] == [("SC026", 12)]


def test_it_takes_a_value_given_for_all_for_one_that_is_asked(tmp_path: Path) -> None:
    pack = Scene((indicator("x", value_from="nazionale"),), {"lazio": (leaf("x", 1, 100),)}).pack
    path = tmp_path / "values.csv"
    path.write_text(f"{HEADER}\nnazionale,x,2024-Q1,1,,,\n", encoding="utf-8")

    assert read_values(path, pack).findings == ()


GOOD = f'{HEADER}\nlazio,clearance_rate,2024-Q3,1.010,adjusted,yes,"uno, due"\nlazio,projects,2024-Q3,,,,\n'
DAMAGE = [b'"', b",", b"\n", b"\r", b";", b"\xff", b"\0", b"nan", b"1e400", b"-", b" "]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    broken = bytearray(GOOD.encode())
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(broken)))
        broken[place : place + draw(st.integers(0, 6))] = draw(st.sampled_from(DAMAGE))
    return bytes(broken)


@given(damaged())
@settings(max_examples=300)
def test_it_reads_or_refuses_whatever_it_is_given(tmp_path_factory: pytest.TempPathFactory, broken: bytes) -> None:
    """A file damaged anywhere is read, or refused in words: never a crash."""
    path = tmp_path_factory.mktemp("broken") / "values.csv"
    path.write_bytes(broken)
    findings: tuple[Finding, ...] = ()
    rows = 0

    try:
        rows = len(read_values(path, PACK))
    except Refusal as refusal:
        findings = refusal.findings

    assert rows or all(finding.message("it") for finding in findings)
    assert bool(rows) != bool(findings)


def test_what_a_plan_asks_is_found_once_and_of_each_plan_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    row = ("lazio", "clearance_rate", "2024-Q3", "1")
    known = (indicator("clearance_rate"), indicator("unused"))
    plans = [Scene(known, {"lazio": (leaf(one.id, 1, 1),)}).pack for one in known]
    walked: list[Pack] = []
    names = reading._Names

    def counted(pack: Pack) -> reading._Names:
        walked.append(pack)
        return names(pack)

    monkeypatch.setattr(reading, "_Names", counted)
    for _time in range(3):
        assert [[f.code for f in values_from_rows([row], plan).findings] for plan in plans] == [[], ["SC025"]]
    assert [id(pack) for pack in walked] == [id(plan) for plan in plans]

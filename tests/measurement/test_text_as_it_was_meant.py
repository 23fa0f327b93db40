"""Facts and values read text alike: what nobody sees makes no other name, and a wrong name gets its nearest ones."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piramide.kernel.findings import Refusal
from piramide.kernel.tidying import tidy, tidy_column
from piramide.measurement.facts_check.control import check_balance
from piramide.scoring.value_file import columns_of
from tests.measurement.loads import HEADER, ORGANISATION, PRODUCTS, Office, row, sound_rows

SEEN_AS = {
    "blanks around": "  torino ",
    "a no-break space before": "\u00a0torino",
    "a mark of direction behind": "torino\u200e",
    "a soft hyphen inside": "to\u00adrino",
    "a joiner of no width": "tor\u200bino",
    "a mark of order": "\ufefftorino",
    "a narrow no-break space": "torino\u202f",
    "a control character": "torino\x07",
}


@pytest.mark.parametrize("how", SEEN_AS)
def test_facts_take_the_office_that_people_see(office: Office, how: str) -> None:
    report = office.work(row("a", "received", "2024-01-10", office_of_competence=SEEN_AS[how]))

    assert report.reasons == {}
    position = office.ledger.codes().structure_positions["torino"]
    assert [entry["competence"] for entry in office.entries()] == [position]


@pytest.mark.parametrize("how", SEEN_AS)
def test_values_take_the_same(how: str) -> None:
    text = f"structure,indicator,period,value\n{SEEN_AS[how]},x,2024-01,1\n"

    assert columns_of(text.encode(), "v.csv").columns["structure"].to_pylist() == ["torino"]


@pytest.mark.parametrize("kind", ["csv", "parquet", "dictionaries"])
def test_every_form_of_facts_and_every_column_is_read_so(office: Office, kind: str) -> None:
    plain = dict(zip(HEADER.split(","), row("Citta\u0300  9", "received", "2024-01-10").split(","), strict=True))
    cells = {name: f" {text}\u200b" if text else "" for name, text in plain.items()}
    if kind == "csv":
        office.load("work", ",".join(f"\u00a0{name}" for name in cells) + "\n" + ",".join(cells.values()) + "\n")
    else:
        columns = {f"{name} ": pa.array([text]) for name, text in cells.items()}
        if kind == "dictionaries":
            columns = {name: column.dictionary_encode() for name, column in columns.items()}
        path = office.folder / "work.parquet"
        pq.write_table(pa.table(columns), path)
        office.load("work", path.read_bytes(), name="work.parquet")

    (entry,) = office.entries()
    assert entry["case"] == "Città 9"
    assert (entry["kind"], str(entry["day"]), entry["sign"]) == (0, "2024-01-10", 1)


def test_a_case_with_a_blank_more_is_the_same_case(office: Office) -> None:
    report = office.work(
        row("A 1", "received", "2024-01-10"), row("A\u00a0 1 ", "received", "2024-01-11"), most_rejected=50
    )

    assert report.reasons == {"FA032": 1}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"office_of_work": "tornio "}, "no structure “tornio”. Nearest names: torino."),
        ({"product": "pensoin"}, "product “pensoin” is not in the catalogue on that day. Nearest names: pension."),
        ({"outcome": "acepted"}, "“acepted” is not one of the allowed values. Nearest names: accepted. Use one of"),
    ],
)
def test_a_wrong_name_gets_its_nearest_ones(office: Office, cells: dict[str, str], said: str) -> None:
    report = office.work(*sound_rows(3), row("x", "received", "2024-01-10", **cells), most_rejected=50)

    (finding,) = report.findings
    assert said in finding.message("en")


def test_a_refused_load_suggests_them_too(office: Office) -> None:
    with pytest.raises(Refusal) as refused:
        office.work(row("x", "received", "2024-01-10", office_of_work="asit"))

    assert "Nomi più vicini: asti." in refused.value.findings[1].message("it")


def test_a_product_that_is_known_on_other_days_suggests_no_other(office: Office) -> None:
    report = office.work(*sound_rows(3), row("x", "received", "2024-08-01", product="maternity"), most_rejected=50)

    assert "Nearest" not in report.findings[0].message("en")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tornio,pensions,2024-01,0,1,0,1", "no structure “tornio”. Nearest names: torino."),
        ("torino,pension,2024-01,0,1,0,1", "the catalogue has no line “pension”. Nearest names: pensions."),
    ],
)
def test_control_totals_of_nothing_known_are_errors_with_their_line(office: Office, line: str, said: str) -> None:
    office.work(*sound_rows(1))
    path = office.folder / "totals.csv"
    path.write_text("structure,line,month,opening,received,resolved,closing\n torino\u200b,,2024-01,0,1,0,1\n" + line)

    (finding,) = check_balance(path, office.ledger, ORGANISATION)

    assert (finding.place.line, finding.level.value) == (3, "error")
    assert said in finding.message("en")


def test_a_column_of_plain_codes_comes_back_as_it_is() -> None:
    codes = pa.array(["torino", "prov_asti", None, ""])
    assert tidy_column(codes) is codes
    assert tidy_column(pa.array([1, 2])).to_pylist() == [1, 2]
    assert tidy_column(pa.array(["x ", None, " à"])[1:]).to_pylist() == [None, "à"]
    assert tidy_column(pa.array(["a ", "b", None], pa.large_string())).to_pylist() == ["a", "b", None]
    assert tidy_column(pa.array(["a ", "a", None]).dictionary_encode()).to_pylist() == ["a", "a", None]


def test_the_column_says_what_the_text_says() -> None:
    texts = [chr(code) + "a b" + chr(code) for code in [*range(0x250), *range(0x300, 0x310), *range(0x2000, 0x2100)]]
    texts += ["\u212b", "e\u0301", "a\t\tb", "–", "“x”", "€"]

    assert tidy_column(pa.array(texts)).to_pylist() == [tidy(text) for text in texts]


def test_the_catalogue_is_tidied_before_it_names_products(office: Office) -> None:
    lines = PRODUCTS.replace("pension,Pensione", "pension2\u200b, Pensione\u00a0 di  vecchiaia ").splitlines()
    office.load("products", "\n".join((lines[0], lines[1])) + "\n", name="more.csv")

    assert office.work(row("a", "received", "2024-01-10", product="pension2")).reasons == {}
    assert office.entries("products")[-1]["label"] == "Pensione di vecchiaia"

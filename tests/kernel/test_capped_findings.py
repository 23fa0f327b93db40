"""A list of findings shows what somebody can read, says how much is left out, and changes no total."""

from __future__ import annotations

from piramide.kernel.findings import MOST, MOST_OF_A_CODE, Finding, Place, Refusal, Severity, capped, findings_as_json


def many(code: str, count: int, file: str = "a.csv", severity: Severity | None = None) -> list[Finding]:
    return [Finding(code, Place(file, line), severity=severity) for line in range(1, count + 1)]


def test_a_short_list_is_as_it_was() -> None:
    findings = many("FA020", MOST_OF_A_CODE)

    assert capped(findings) == tuple(findings)


def test_what_is_left_out_of_a_code_is_counted_with_the_place_of_the_first() -> None:
    told = capped(many("FA020", MOST_OF_A_CODE + 901))

    assert len(told) == MOST_OF_A_CODE + 1
    assert told[-1].level is Severity.NOTE
    said = "Findings FA020 that are not listed besides: 901; the first is at a.csv:101."
    assert told[-1].message("en").startswith(said)
    assert told[-1].message("it").startswith("Altri riscontri FA020, non elencati: 901; il primo è in a.csv:101.")


def test_every_kind_is_seen_and_the_gravest_first_where_there_is_no_room_for_all() -> None:
    notes = [finding for at in range(10, 20) for finding in many(f"FA0{at}", 90, severity=Severity.NOTE)]
    errors = many("PK001", 60, severity=Severity.ERROR)

    told = capped([*notes, *errors])

    shown = [finding for finding in told if finding.code != "KN022"]
    assert len(shown) == MOST
    assert [finding for finding in shown if finding.level is Severity.ERROR] == errors
    left_out = sum(int(str(finding.fields["count"])) for finding in told if finding.code == "KN022")
    assert len(shown) + left_out == len(notes) + len(errors)
    assert shown == [finding for finding in (*notes, *errors) if finding in shown], "in their order"


def test_a_refusal_says_as_much_and_keeps_all() -> None:
    refusal = Refusal(*many("FA020", 5_000))

    assert len(refusal.findings) == 5_000
    assert len(str(refusal).splitlines()) == MOST_OF_A_CODE + 1


def test_answers_for_machines_are_capped_alike() -> None:
    told = findings_as_json(many("FA020", 5_000))

    assert len(told) == MOST_OF_A_CODE + 1
    assert told[-1]["code"] == "KN022"

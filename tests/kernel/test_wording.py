"""Every message is worded in every language with the same fields, and every code is used."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from piramide.kernel import wording
from piramide.kernel.findings import Finding, Place, Severity

SOURCE = Path(str(resources.files("piramide")))
CODE = re.compile(r"""["']([A-Z]{2}\d{3})["']""")
FIELD = re.compile(r"\{(\w+(?::\w+)?)\}")


def used_codes() -> dict[str, str]:
    """Every code that the program writes, with a file that does."""
    files = [path for path in SOURCE.rglob("*.py") if "packs" not in path.relative_to(SOURCE).parts[:1]]
    return {code: path.name for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_it_words_every_code_of_the_program() -> None:
    missing = {code: file for code, file in used_codes().items() if code not in wording.catalogue("en")}

    assert missing == {}


def test_it_words_no_code_that_the_program_never_says() -> None:
    assert sorted(set(wording.catalogue("en")) - set(used_codes())) == []


CODED = ("unit", "rule", "direction", "fault", "needs", "quantity", "about", "what", "scope", "setting", "problem")
"""Fields that hold a word of the program: each has words of its own, or a form that finds them."""


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_message_prints_a_word_of_the_program_as_it_is(language: str) -> None:
    bare = {
        code: name
        for code, entry in wording.catalogue(language).items()
        for part in ("text", "reason", "remedy")
        for name in CODED
        if f"{{{name}}}" in entry.get(part, "")
    }

    assert bare == {}


def test_it_words_the_same_codes_in_every_language() -> None:
    assert set(wording.languages()) >= {"en", "it"}
    for language in wording.languages():
        assert set(wording.catalogue(language)) == set(wording.catalogue("en")), language


@pytest.mark.parametrize("part", ["title", "text", "remedy"])
def test_it_names_the_same_fields_in_every_language(part: str) -> None:
    differing = [
        code
        for code, entry in wording.catalogue("en").items()
        for language in wording.languages()
        if set(FIELD.findall(entry.get(part, "")))
        != set(FIELD.findall(wording.catalogue(language).get(code, {}).get(part, "")))
    ]

    assert differing == []


def test_it_gives_every_code_a_severity_a_title_and_a_sentence() -> None:
    severities = {severity.value for severity in Severity}
    incomplete = [
        (language, code)
        for language in wording.languages()
        for code, entry in wording.catalogue(language).items()
        if not (entry.get("title") and entry.get("text"))
        or (language == "en" and entry.get("severity") not in severities)
        or (language != "en" and "severity" in entry)
    ]

    assert incomplete == []


def test_it_gives_every_error_a_remedy() -> None:
    helpless = [
        (language, code)
        for language in wording.languages()
        for code, entry in wording.catalogue(language).items()
        if wording.severity(code) == "error" and not entry.get("remedy")
    ]

    assert helpless == []


def test_it_ends_sentences_with_a_full_stop() -> None:
    open_ended = [
        (language, code)
        for language in wording.languages()
        for code, entry in wording.catalogue(language).items()
        for part in ("text", "remedy")
        if entry.get(part) and not entry[part].rstrip("])").endswith((".", "?"))
    ]

    assert open_ended == []


def test_it_composes_the_same_words_in_every_language() -> None:
    for language in wording.languages():
        for section, words in wording._words("it").items():
            assert set(wording._words(language)[section]) == set(words), (language, section)


def test_it_says_what_where_and_what_to_do_in_both_languages() -> None:
    finding = Finding("KN004", Place("values.csv", 3, "value"), fields={"printed": "2,54"})

    assert finding.message("it").startswith("values.csv:3 [value]: «2,54» contiene una virgola. Usare il punto")
    assert finding.message("en").startswith("values.csv:3 [value]: “2,54” holds a comma. Use a point")


def test_it_starts_with_the_subject_what_has_no_place() -> None:
    assert Finding("KN004", fields={"printed": "2,54"}).message("en").startswith("“2,54” holds a comma.")


@pytest.fixture
def with_german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of languages with a third one, which words one message and one unit so far."""
    folder = tmp_path / "catalogue"
    shutil.copytree(SOURCE / "kernel" / "catalogue", folder)
    german = (
        '[KN004]\ntitle = "Zahl mit Beistrich"\ntext = "{where}: „{printed}“ enthält einen Beistrich."\nremedy = "."\n'
    )
    (folder / "de.toml").write_text(german, encoding="utf-8")
    (folder / "words" / "de.toml").write_text('[unit]\nhours = "{number} Stunden"\n', encoding="utf-8")
    caches = (wording.languages, wording.catalogue, wording._words)
    monkeypatch.setattr(wording, "_folder", lambda: folder)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("with_german")
def test_it_speaks_a_language_whose_file_is_put_beside_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_chosen", [])
    monkeypatch.setenv("PIRAMIDE_LANG", "de_IT.UTF-8")

    assert wording.current_language() == "de"
    assert "enthält einen Beistrich" in Finding("KN004", fields={"printed": "2,54"}).message()
    assert wording.word("unit", "hours") == "{number} Stunden"


@pytest.mark.usefixtures("with_german")
def test_it_says_in_italian_what_a_language_has_not_worded_yet() -> None:
    assert "è atteso un numero" in Finding("KN006").message("de")
    assert wording.word("number", "decimal", "de") == ","


def test_it_speaks_italian_to_whoever_asks_for_a_language_it_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_chosen", [])
    monkeypatch.setenv("PIRAMIDE_LANG", "xx")

    assert wording.current_language() == "it"


def test_it_remembers_the_language_that_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_chosen", [])
    monkeypatch.delenv("PIRAMIDE_LANG", raising=False)
    assert wording.current_language() == "it"

    wording.use_language("en")

    assert wording.current_language() == "en"

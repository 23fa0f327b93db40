"""What the system and the readers of formats say in English reaches nobody in an Italian sentence."""

from __future__ import annotations

import errno
import os
import re

import pytest

from piramide.kernel import wording
from piramide.kernel.findings import Finding, Place

COMMON = [
    "ENOENT",
    "EEXIST",
    "EISDIR",
    "ENOTDIR",
    "EACCES",
    "EROFS",
    "ENOSPC",
    "ENAMETOOLONG",
    "EDQUOT",
    "ELOOP",
    "EIO",
    "EPERM",
    "ENOTEMPTY",
    "EBUSY",
    "ETXTBSY",
    "EMFILE",
    "ENFILE",
    "EXDEV",
    "EFBIG",
    "EINVAL",
    "ENODEV",
    "ENXIO",
    "ESTALE",
    "ETIMEDOUT",
    "EMLINK",
    "EPIPE",
    "EAGAIN",
    "ENOTSUP",
    "ENOMEM",
    "EINTR",
    "EBADF",
    "EILSEQ",
]
SYSTEM = [os.strerror(getattr(errno, name)) for name in COMMON]
TOLD = sorted(code for code, entry in wording.catalogue("it").items() if "{problem" in entry["text"])


def test_some_codes_tell_what_the_system_said() -> None:
    assert {"CY014", "NP004", "RP002", "SC001", "SH045", "WB002", "WB028"} <= set(TOLD)


@pytest.mark.parametrize("problem", SYSTEM)
def test_it_words_each_in_italian(problem: str) -> None:
    for code in TOLD:
        message = Finding(code, Place("x.csv"), "x", {"problem": problem}).message("it")

        assert problem not in message, code
        assert wording.word("problem", problem, "it") in message, code


def test_no_template_shows_a_foreign_text_as_it_is() -> None:
    texts = {code: entry["text"] for code, entry in wording.catalogue("it").items()}

    assert [code for code, text in texts.items() if re.search(r"\{(?:problem|reason|error)\}", text)] == []


def test_both_languages_word_the_same_problems() -> None:
    assert wording.words("problem", "it").keys() == wording.words("problem", "en").keys()

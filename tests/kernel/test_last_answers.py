"""The last answers to the same question are given again, and only those."""

from __future__ import annotations

import threading

import pytest

from piramide.kernel.last_answers import LastAnswers


def test_an_answer_is_made_once_for_one_subject_and_what_stands_beside_it() -> None:
    answers: LastAnswers[list[int], int] = LastAnswers(3)
    first, equal = [1], [1]
    made = iter(range(9))

    asked = [answers.of(subject, lambda: next(made), beside=beside) for subject, beside in [(first, "a"), (first, "a")]]

    assert asked == [0, 0]
    assert answers.of(first, lambda: next(made), beside="b") == 1
    assert answers.of(equal, lambda: next(made), beside="a") == 2  # equal is not the same


def test_only_the_last_are_kept() -> None:
    answers: LastAnswers[object, object] = LastAnswers(2)
    one, two, three = object(), object(), object()
    for subject in (one, two, three):
        answers.of(subject, object)

    assert answers.of(two, lambda: "again") != "again"
    assert answers.of(one, lambda: "again") == "again"


def test_what_fails_is_asked_again() -> None:
    answers: LastAnswers[object, int] = LastAnswers(2)
    subject = object()

    with pytest.raises(ZeroDivisionError):
        answers.of(subject, lambda: 1 // 0)
    assert answers.of(subject, lambda: 7) == 7


def test_threads_make_one_answer() -> None:
    answers: LastAnswers[object, int] = LastAnswers(2)
    subject, made = object(), []

    def make() -> int:
        made.append(1)
        return len(made)

    threads = [threading.Thread(target=answers.of, args=(subject, make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [1]

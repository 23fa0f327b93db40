"""The last few answers to a question about the same thing, for what is asked again and again in one piece of work."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Subject = TypeVar("Subject")
Answer = TypeVar("Answer")


class LastAnswers(Generic[Subject, Answer]):
    """The newest answers, `most` of them, each of one subject and of equal `beside`; threads make an answer once.

    A subject is known by identity: what is frozen and large is never compared.
    """

    def __init__(self, most: int) -> None:
        self._kept: deque[tuple[Subject, object, Answer]] = deque(maxlen=most)
        self._lock = threading.RLock()

    def of(self, subject: Subject, make: Callable[[], Answer], beside: object = None) -> Answer:
        """The answer for a subject, made when it is not among the last; what `make` raises passes, and is not kept."""
        with self._lock:
            for known, other, answer in self._kept:
                if known is subject and other == beside:
                    return answer
            made = make()
            self._kept.append((subject, beside, made))
            return made

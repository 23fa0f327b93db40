"""The help pages, one module per family, and which of them is for a page."""

from __future__ import annotations

from piramide.web.help.topics.account import ACCOUNT
from piramide.web.help.topics.cycle import CYCLE
from piramide.web.help.topics.oversight import OVERSIGHT
from piramide.web.help.topics.results import RESULTS
from piramide.web.help.topics.topic import Topic

TOPICS: dict[str, Topic] = {topic.name: topic for topic in (*RESULTS, *CYCLE, *OVERSIGHT, *ACCOUNT)}


def topic_of(page: str) -> Topic | None:
    """The help for the page of this name: the one that names it, else the one with the longest beginning of it."""
    fitting = [
        (len(known), topic) for topic in TOPICS.values() for known in topic.pages if page and page.startswith(known)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None

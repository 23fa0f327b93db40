"""Keys of texts are the same whatever texts stand beside them."""

from __future__ import annotations

import pyarrow as pa

from piramide.measurement.ledger.keys import text_keys

TEXTS = ["", "a", "abcdefgh", "abcdefghi", "perché", "x" * 40, "x" * 64, "x" * 65, "x" * 300]


def test_it_gives_a_text_the_same_key_alone_and_beside_longer_ones() -> None:
    alone = [int(text_keys(pa.array([text]))[0]) for text in TEXTS]

    assert text_keys(pa.array(TEXTS)).tolist() == alone


def test_it_tells_texts_that_differ_by_their_end_alone() -> None:
    keys = text_keys(pa.array([*TEXTS, "abcdefgh\0", "x" * 299]))

    assert len(set(keys.tolist())) == len(TEXTS) + 2

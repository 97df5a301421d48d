"""A sample is made of n-grams of the text and of nothing else; the text is a ring."""

from collections import Counter
from itertools import pairwise
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine import ngrams
from editor.engine.ngrams import contexts_reference, entropy, grams, read, sampled, text_like
from editor.engine.step import last

WORD = "abracadabra"  # and the joint: ABRACADABRA␣ in plain letters


def plain(order, text=WORD):
    return last(grams(last(read(text, plain=True)), order))


def after(found, context):
    """What follows a context, by its letters."""
    text = found.source.text
    place = (text * 2).index(context) + len(context)
    symbols = found.source.symbols
    return {symbols[code]: count for code, count in found.continuations(place % len(text))}


def test_what_follows_a_in_abracadabra():
    assert after(plain(2), "A") == {"B": 2, "C": 1, "D": 1, " ": 1}


def test_what_follows_ra_is_one_of_two():
    assert after(plain(3), "RA") == {"C": 1, " ": 1}


def test_at_the_end_the_text_begins_again():
    assert after(plain(3), "A ") == {"A": 1}


def test_the_first_order_counts_letters_alone():
    found = plain(1)
    counts = {found.source.symbols[code]: n for code, n in found.continuations(0)}
    assert counts == Counter("ABRACADABRA ")


def test_the_most_frequent_comes_first_and_the_alphabet_decides_the_rest():
    symbols = plain(2).source.symbols
    assert [symbols[code] for code, _ in plain(2).continuations(1)] == ["B", " ", "C", "D"]


@settings(max_examples=60, deadline=None)
@given(st.text("abc \n", min_size=1, max_size=60).map("xy".__add__), st.integers(0, 6))
def test_the_places_are_those_of_the_plain_version(text, order):
    source = last(read(text))
    if order > source.count:
        return
    found = last(grams(source, order))
    by_context = contexts_reference(source.codes.tolist(), order)
    for place in range(source.count):
        context = tuple(source.codes[place - back] for back in range(max(order - 1, 0), 0, -1))
        assert found.alike(place).tolist() == by_context[context]
    assert found.contexts == len(by_context)


@settings(max_examples=60, deadline=None)
@given(
    st.text("ab c.", min_size=1, max_size=40).map("x y ".__add__), st.integers(0, 5), st.booleans()
)
def test_every_gram_of_a_sample_is_in_the_text(text, order, words):
    source = last(read(text, "words" if words else "letters"))
    if order > source.count:
        return
    sample = last(sampled(last(grams(source, order)), 40, seed=1))
    ring = source.codes.tolist() * 3
    there = {tuple(ring[i : i + order]) for i in range(source.count)}
    codes = sample.codes.tolist()
    assert all(tuple(codes[i : i + order]) in there for i in range(41 - max(order, 1)))


@settings(max_examples=60, deadline=None)
@given(st.text("abc", min_size=1, max_size=30).map("xy".__add__), st.integers(0, 4))
def test_what_was_copied_is_the_longest_that_stands_in_the_text(text, order):
    source = last(read(text))
    sample = last(sampled(last(grams(source, min(order, source.count))), 30, seed=2))
    ring = "".join(source.symbols[code] for code in source.codes) * 40
    for k, run in enumerate(sample.copied.tolist()):
        assert sample.text[k + 1 - run : k + 1] in ring
        assert run == k + 1 or sample.text[k - run : k + 1] not in ring
    start, length = sample.longest
    assert sample.text[start : start + length] in ring
    assert length == sample.copied.max()


def test_each_letter_was_read_at_its_place_and_the_next_is_looked_for_behind_it():
    sample = last(text_like("the cat sat on the mat. a rat sat.", 3, length=50, seed=4))
    source = sample.grams.source
    assert (source.codes[sample.places] == sample.codes).all()
    assert ((sample.places[:-1] + 1) % source.count == sample.contexts[1:]).all()
    assert sample.text == "".join(source.text[place] for place in sample.places)


def test_a_seed_is_a_text_of_its_own():
    texts = [last(text_like(WORD * 3, 2, length=60, seed=seed)).text for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_a_longer_sample_begins_as_a_shorter_one():
    short, long = (last(text_like(WORD, 2, length=length)).text for length in (20, 50))
    assert long.startswith(short)


def test_draws_are_as_frequent_as_the_table_says():
    found = plain(2)
    drawn = last(sampled(found, 20_000, seed=1))
    text = drawn.text
    followers = Counter(b for a, b in pairwise(text) if a == "A")
    total = sum(followers.values())
    assert followers["B"] / total == pytest.approx(2 / 5, abs=0.02)
    assert followers[" "] / total == pytest.approx(1 / 5, abs=0.02)


def test_order_nought_is_all_letters_alike():
    sample = last(sampled(plain(0), 12_000, seed=1))
    counts = np.bincount(sample.codes)
    assert len(counts) == 6
    assert counts / 12_000 == pytest.approx(np.full(6, 1 / 6), abs=0.015)


def test_a_sample_begins_with_a_sentence():
    text = "One two. Three four. Five six."
    for unit in ("letters", "words"):
        found = {last(text_like(text, 4, unit=unit, length=3, seed=s)).text[:3] for s in range(9)}
        assert found <= {"Thr", "Fiv", "One"}


def test_words_are_set_as_one_writes_them():
    text = 'He said (in short): "It\'s well-known, sir!"\n\nYes.'
    assert last(read(text, "words")).symbols[:4] == ("He", "said", "(", "in")
    known = last(text_like("Yes (it is), and no. Well-known, eh?", 6, unit="words", length=16))
    assert "eh?\nYes (it is), and no. Well-known" in known.text


def test_paragraphs_stay_apart_and_lines_do_not():
    assert last(read("one\ntwo \t three\r\n\r\n\r\nfour")).text == "one two three\nfour\n"


def test_plain_is_shannons_alphabet():
    source = last(read("Æther, and — Light: isn't 2 café.\n\nEnd", plain=True))
    assert source.text == "AETHER AND LIGHT ISNT CAFE END "
    assert set(source.symbols) <= set(" ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_where_each_word_stands():
    source = last(read("On, and on.", "words"))
    assert [source.text[slice(*source.span(i))] for i in range(4)] == ["On", ",", "and", "on"]


def bits(order, text=WORD):
    return entropy(plain(order, text), plain(order + 1, text))


def test_entropy_by_hand():
    assert bits(0) == pytest.approx(log2(6))
    counts = Counter("ABRACADABRA ").values()
    assert bits(1) == pytest.approx(sum(-n / 12 * log2(n / 12) for n in counts))
    # after A (5 of 12): 2/5 and three times 1/5; after the rest one letter only
    by_hand = 5 / 12 * (0.4 * log2(1 / 0.4) + 0.6 * log2(1 / 0.2))
    assert bits(2) == pytest.approx(by_hand)
    assert bits(11) == 0


def test_entropy_never_rises_with_the_order():
    falling = [bits(order, "it was the best of times it was the worst") for order in range(1, 9)]
    assert all(a >= b - 1e-12 for a, b in pairwise(falling))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda: read("", "letters"), "too few different letters"),
        (lambda: read("aaaa", "letters"), "too few different letters"),
        (lambda: read("hello", "words"), "too few different words"),
        (lambda: read("hello", "lines"), "the unit is 'lines'"),
        (lambda: read("1234 567", plain=True), "too few different letters"),
        (lambda: text_like(WORD, -1, length=5), "the order is -1"),
        (lambda: text_like(WORD, 13, length=5), "this text allows 0 to 12"),
        (lambda: text_like(WORD, 2, length=0), "the length is 0"),
    ],
)
def test_what_cannot_be_done_is_said(asked, words):
    with pytest.raises(ValueError, match=words):
        last(asked())


def test_a_text_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(ngrams, "LARGEST", 10)
    with pytest.raises(ValueError, match="has 11 letters: 10 are the most"):
        last(read(WORD))

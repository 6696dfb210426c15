"""A small parallel corpus with real reordering: English, and a language that puts everything the other way round."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple, SupportsInt

import numpy as np
from jaxtyping import Bool, Int64

from attnbook.data._checks import whole_number

__all__ = [
    "END",
    "PAD",
    "SOURCE_WORDS",
    "START",
    "TARGET_WORDS",
    "Phrases",
    "Translation",
    "batches",
    "decode",
    "encode",
    "phrases",
    "translate",
]


def _pairs(text: str) -> dict[str, str]:
    return {english: other for english, other in (pair.split() for pair in text.split(","))}


ARTICLES = ("a", "the")  # the other language has none
NOUNS = _pairs(
    "bird plira, boat barna, boy toma, cat mirla, dog dova, fox rufa, girl lina, hill kolma, horse hirsa, "
    "house doma, king regna, pear pomba, river nara, sailor marna, song cantela, tree salva"
)
ADJECTIVES = _pairs(
    "big grondi, black nokti, brave bravi, cold frisi, green virdi, kind doli, quiet sumri, red karmi, small pimi, "
    "tall valti, white alvi, young juni"
)
VERBS = _pairs(  # with an object
    "calls vokon, draws linon, finds trovon, follows segon, hears odon, knows savon, loves amon, sees vidon"
)
VERBS_ALONE = _pairs(  # without
    "dances balon, laughs ridon, sings kanton, sleeps dormon, swims naton, waits tendon, walks pason, whistles fiston"
)
PREPOSITIONS = _pairs("behind rete, beside flane, inside ile, near pele, over orte, under sube, with kune")
CONJUNCTIONS = _pairs("and ka, because pos, before ant, but ben, until til, when zan, while dum")

DECKS = (NOUNS, ADJECTIVES, VERBS, VERBS_ALONE, PREPOSITIONS, CONJUNCTIONS)
DICTIONARY = {word: translated for words in DECKS for word, translated in words.items()}
KINDS = {
    "an article": ARTICLES,
    "an adjective": ADJECTIVES,
    "a noun": NOUNS,
    "a verb": {**VERBS, **VERBS_ALONE},
    "a preposition": PREPOSITIONS,
    "a conjunction": CONJUNCTIONS,
}

PAD, START, END = 0, 1, 2
"""The numbers of what is no word: it fills up short sentences, begins a translation, ends one."""
SOURCE_WORDS = ("<pad>", "<start>", "<end>", *ARTICLES, *DICTIONARY)
"""The words to translate; a word's number is its place here."""
TARGET_WORDS = ("<pad>", "<start>", "<end>", *DICTIONARY.values())
"""The words of the translation; a word's number is its place here."""

MOST = 30  # with more, the decks of the writer could run out
SHORTEST_CLAUSE, LONGEST_CLAUSE = 3, 12
TRIES = 300


class Translation(NamedTuple):
    """A sentence, its translation, and which word comes from which."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    links: Bool[np.ndarray, "t s"]


class Phrases(NamedTuple):
    """Sentences as numbers, one in each row, filled up with :data:`PAD`; ``target_in`` is what the decoder reads."""

    source: Int64[np.ndarray, "n s"]
    target: Int64[np.ndarray, "n t"]
    """Each translation and the :data:`END` behind it."""
    links: Bool[np.ndarray, "n t s"]
    """True where target word t comes from source word s."""

    @property
    def target_in(self) -> Int64[np.ndarray, "n t"]:
        """What has been written before each word of the translation, of which :data:`START` is the first."""
        return np.pad(self.target[:, :-1], ((0, 0), (1, 0)), constant_values=START)


def phrases(count: int, *, words: tuple[int, int] = (4, 12), seed: int, without: Phrases | None = None) -> Phrases:
    """Make different sentences at random, and translate them by the rules of :func:`translate`.

    All lengths in the range are equally likely. No word but the articles stands in a sentence twice.

    Args:
        count: How many sentences.
        words: How many words the shortest and the longest English sentence may have, from 3 to 30.
        seed: Everything follows from it.
        without: Sentences that must not come up again, such as those a model was trained on.

    >>> train = phrases(100, seed=0)
    >>> test = phrases(10, words=(8, 8), seed=1, without=train)
    >>> train.source.shape, test.source.shape
    ((100, 12), (10, 8))
    >>> " ".join(decode(test.source[0], SOURCE_WORDS))
    'the king swims and a brave fox walks'
    >>> " ".join(decode(test.target[0], TARGET_WORDS))
    'regna naton ka rufa bravi pason'
    """
    whole_number("count", count, least=1)
    whole_number("seed", seed, least=0)
    fewest, most = _check_lengths(words)
    if without is not None and not isinstance(without, Phrases):
        raise TypeError(f"without is a {type(without).__name__}; it must be what phrases(…) returned, or None")
    rng = Random(seed)
    taken = set() if without is None else {tuple(decode(row, SOURCE_WORDS)) for row in without.source}
    made: list[Translation] = []
    while len(made) < count:
        length = rng.randint(fewest, most)
        for _ in range(TRIES):
            sentence = tuple(_Writer(rng).sentence(length))
            if sentence not in taken:
                break
        else:
            raise ValueError(
                f"after {len(made)} of {count} sentences, no new one of {length} words turned up in {TRIES} tries: "
                "ask for fewer sentences or for longer ones"
            )
        taken.add(sentence)
        made.append(translate(sentence))
    return _in_numbers(made)


def batches(corpus: Phrases, *, size: int, steps: int, seed: int) -> Iterator[Phrases]:
    """Deal out sentences for training, those of about one length together, so that little is filled up in vain.

    Args:
        corpus: Where the sentences come from.
        size: How many sentences a batch has.
        steps: How many batches there are.
        seed: Which ones: it says where in the corpus, sorted by length, each batch begins.

    >>> corpus = phrases(100, words=(4, 12), seed=0)
    >>> [batch.source.shape for batch in batches(corpus, size=10, steps=3, seed=0)]
    [(10, 11), (10, 10), (10, 9)]
    """
    whole_number("size", size, least=1, most=len(corpus.source))
    whole_number("steps", steps, least=1)
    whole_number("seed", seed, least=0)
    order = np.argsort((corpus.source != PAD).sum(axis=1), kind="stable")
    rng = np.random.default_rng(seed)
    for begin in rng.integers(len(order) - size + 1, size=steps).tolist():
        source, target, links = (table[order[begin : begin + size]] for table in corpus)
        s, t = ((table != PAD).any(axis=0).sum() for table in (source, target))
        yield Phrases(source[:, :s], target[:, :t], links[:, :t, :s])


def translate(sentence: str | Sequence[str]) -> Translation:
    """Translate by the rules, and say which word comes from which.

    Articles have no counterpart. Adjectives follow their noun, the nearest first; what was a preposition follows its
    noun too; the verb goes to the end of its clause. Conjunctions stay between the clauses.

    >>> source, target, links = translate("the small red cat near a tree sees the dog")
    >>> " ".join(target)
    'mirla karmi pimi salva pele dova vidon'
    >>> [source[s] for s in links.argmax(axis=1)]
    ['cat', 'red', 'small', 'tree', 'near', 'dog', 'sees']
    """
    source = _known(sentence, SOURCE_WORDS)
    order = _Reader(source).sentence()
    links = np.zeros((len(order), len(source)), dtype=bool)
    links[np.arange(len(order)), order] = True
    return Translation(tuple(source), tuple(DICTIONARY[source[i]] for i in order), links)


def encode(sentence: str | Sequence[str], words: Sequence[str]) -> Int64[np.ndarray, "s"]:
    """Return the number of each word of a sentence.

    >>> encode("the cat sleeps", SOURCE_WORDS)
    array([ 4,  8, 44])
    """
    return np.array([words.index(word) for word in _known(sentence, words)], dtype="int64")


def decode(numbers: Iterable[SupportsInt], words: Sequence[str]) -> list[str]:
    """Return the words that the numbers stand for, up to the end of the sentence.

    >>> decode([4, 8, 0, 0], SOURCE_WORDS)
    ['the', 'cat']
    """
    sentence = []
    for number in map(int, numbers):
        if not 0 <= number < len(words):
            raise ValueError(f"{number} is the number of no word: they go from 0 to {len(words) - 1}")
        if number == END:
            break
        if number not in (PAD, START):
            sentence.append(words[number])
    return sentence


class _Reader:
    """Read an English sentence from left to right; each method returns the places of its words in the new order."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.place = 0

    def sentence(self) -> list[int]:
        order = self.clause()
        while self.place < len(self.words):
            order += [self.take("a conjunction"), *self.clause()]
        return order

    def clause(self) -> list[int]:
        subject = self.noun_phrase()
        verb = self.take("a verb")
        thing = self.noun_phrase() if self.words[verb] in VERBS else []
        return [*subject, *thing, verb]

    def noun_phrase(self) -> list[int]:
        self.take("an article")
        adjectives = []
        while self.sees("an adjective"):
            adjectives.append(self.take("an adjective"))
        order = [self.take("a noun"), *reversed(adjectives)]
        if self.sees("a preposition"):
            preposition = self.take("a preposition")
            order += [*self.noun_phrase(), preposition]
        return order

    def sees(self, kind: str) -> bool:
        return self.place < len(self.words) and self.words[self.place] in KINDS[kind]

    def take(self, kind: str) -> int:
        if not self.sees(kind):
            wanted = "an adjective or a noun" if kind == "a noun" else kind
            before = f"after {' '.join(self.words[: self.place])!r}" if self.place else "at the beginning"
            found = f"stands {self.words[self.place]!r}" if self.place < len(self.words) else "the sentence ends"
            raise ValueError(f"{before} there must be {wanted}, such as {_example(kind)!r}, but there {found}")
        self.place += 1
        return self.place - 1


def _example(kind: str) -> str:
    return next(iter(KINDS[kind]))


def _known(sentence: str | Sequence[str], words: Sequence[str]) -> list[str]:
    """Split a sentence into words and ask that each be known."""
    if not isinstance(sentence, Iterable):
        raise TypeError(f"the sentence is {sentence!r}; it must be a text or a list of words")
    split = sentence.split() if isinstance(sentence, str) else list(sentence)
    if not split:
        raise ValueError("the sentence is empty: give at least one word")
    for word in split:
        if word not in words[END + 1 :]:
            close = difflib.get_close_matches(str(word).lower().strip(".,;!?"), words[END + 1 :], n=1, cutoff=0.0)
            raise ValueError(f"{word!r} is not one of the {len(words) - END - 1} words; the nearest is {close[0]!r}")
    return split


def _check_lengths(words: tuple[int, int]) -> tuple[int, int]:
    if not isinstance(words, tuple) or len(words) != 2:
        raise TypeError(f"words is {words!r}; it must be a pair (shortest, longest), such as (4, 12)")
    fewest, most = words
    whole_number("the shortest of words", fewest, least=SHORTEST_CLAUSE, most=MOST)
    whole_number("the longest of words", most, least=fewest, most=MOST)
    return fewest, most


def _in_numbers(made: Sequence[Translation]) -> Phrases:
    longest = max(len(one.source) for one in made), max(len(one.target) for one in made) + 1
    number = [{word: i for i, word in enumerate(words)} for words in (SOURCE_WORDS, TARGET_WORDS)]
    source = np.full((len(made), longest[0]), PAD, dtype="int64")
    target = np.full((len(made), longest[1]), PAD, dtype="int64")
    links = np.zeros((len(made), longest[1], longest[0]), dtype=bool)
    for i, one in enumerate(made):
        t, s = one.links.shape
        source[i, :s] = [number[0][word] for word in one.source]
        target[i, : t + 1] = [*(number[1][word] for word in one.target), END]
        links[i, :t, :s] = one.links
    return Phrases(source, target, links)


class _Writer:
    """Write random English sentences of an exact number of words."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        # A deck of each kind, so that no word is dealt twice.
        deal = (rng.sample(tuple(words), len(words)) for words in DECKS)
        self.nouns, self.adjectives, self.verbs, self.verbs_alone, self.prepositions, self.conjunctions = deal

    def sentence(self, length: int) -> list[str]:
        """Write clauses of 3 to 12 words with conjunctions between them."""
        rest = length - 1 - SHORTEST_CLAUSE
        if length <= LONGEST_CLAUSE and (rest < SHORTEST_CLAUSE or self.rng.random() < 0.5):
            return self.clause(length)
        first = self.rng.randint(SHORTEST_CLAUSE, min(LONGEST_CLAUSE, rest))
        return [*self.clause(first), self.conjunctions.pop(), *self.sentence(length - first - 1)]

    def clause(self, length: int) -> list[str]:
        """Write subject and verb, mostly with an object."""
        if length < 5 or self.rng.random() < 0.2:
            return [*self.noun_phrase(length - 1), self.verbs_alone.pop()]
        subject = self.rng.randint(2, length - 3)
        return [*self.noun_phrase(subject), self.verbs.pop(), *self.noun_phrase(length - 1 - subject)]

    def noun_phrase(self, length: int) -> list[str]:
        """Write an article, up to two adjectives and a noun; what is left goes behind a preposition."""
        head = length if length <= 4 else self.rng.randint(2, min(4, length - 3))
        words = [self.rng.choice(ARTICLES), *(self.adjectives.pop() for _ in range(head - 2)), self.nouns.pop()]
        if head < length:
            words += [self.prepositions.pop(), *self.noun_phrase(length - head - 1)]
        return words

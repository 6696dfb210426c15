"""The sentence explorer in Python: the translator without torch is the one with torch; refusals; the picture."""

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
import torch
import traitlets

from attnbook import core
from attnbook.data.phrase import END, SOURCE_WORDS, START, TARGET_WORDS, encode, phrases
from attnbook.nn.alignment import Translator
from attnbook.widgets.alignment_sentence import EXAMPLES, SentenceExplorer
from attnbook.widgets.packed import pack, unpack
from attnbook.widgets.translator import PARAMETERS, write

SVG = "{http://www.w3.org/2000/svg}"


def model(seed: int, width: int = 8, size: float = 3.0) -> Translator:
    """A model with parameters so large that its weights and words differ from step to step."""
    torch.manual_seed(seed)
    made = Translator(len(SOURCE_WORDS), len(TARGET_WORDS), width=width, attention=True)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(size)
    return made


@pytest.mark.parametrize("seed", range(12))
def test_the_translator_without_torch_is_the_one_with_torch(seed: int) -> None:
    made = model(seed, width=2 + 2 * (seed % 5)).double()
    made.next_word.bias.data[: START + 1] = made.next_word.bias.data[END] = -50  # never ends before its time
    parameters = {name: value.detach().numpy() for name, value in made.state_dict().items()}
    for row in phrases(5, words=(3, 20), seed=seed).source:
        source = [int(number) for number in row if number]
        words, weights = made.translate(torch.tensor([source]), start=START, end=END, most=9)
        written = write(parameters, source, most=9)
        assert written.words == words[0].tolist()
        np.testing.assert_allclose(written.weights, weights[0].numpy(), atol=1e-12)


def test_a_translation_ends_where_the_model_ends_it_and_has_a_word() -> None:
    made = model(0).double()
    for bias, length in ((50.0, 1), (-50.0, 7)):
        made.next_word.bias.data[END] = bias
        parameters = {name: value.detach().numpy() for name, value in made.state_dict().items()}
        assert len(write(parameters, [3, 9, 44], most=7).words) == length


def test_mask_and_temperature_are_those_of_the_attention() -> None:
    parameters = {name: value.detach().numpy() for name, value in model(1).double().state_dict().items()}
    source, mask = encode(EXAMPLES[1], SOURCE_WORDS).tolist(), np.arange(10) != 3
    plain, cold, masked = (
        write(parameters, source, most=1, **options) for options in ({}, {"temperature": 0.5}, {"mask": mask})
    )
    scores = np.log(plain.weights)
    np.testing.assert_allclose(cold.weights, core.softmax(scores, temperature=0.5), atol=1e-12)
    np.testing.assert_allclose(masked.weights, core.softmax(scores, mask=mask), atol=1e-12)
    nothing = write(parameters, source, most=3, mask=np.zeros(10, dtype=bool))
    assert (nothing.weights == 0).all()


def test_packing_keeps_each_parameter_to_half_a_step() -> None:
    made = model(2, width=16).state_dict()
    packed = pack(made)
    for name, value in made.items():
        step = packed[name]["step"]
        assert step == pytest.approx((value.abs().max().item() or 127) / 127, rel=1e-3)
        np.testing.assert_allclose(unpack(packed)[name], value.numpy(), atol=0.51 * step)
    assert unpack(pack({"zeros": np.zeros(3)}))["zeros"].tolist() == [0, 0, 0]
    assert len(packed["source_word.weight"]["numbers"]) < 1.4 * made["source_word.weight"].numel()


# --- the explorer -----------------------------------------------------------------------------------------------------


def test_values_follow_every_change() -> None:
    explorer, made = SentenceExplorer(), model(3)
    changes: list[tuple[str, Any]] = [
        ("model", made),
        ("sentence", "the cat sees a dog"),
        ("word", 1),
        ("temperature", 0.3),
        ("mask", [False, True] * 10),
        ("word", 19),
        ("model", made.state_dict()),
    ]
    for name, value in changes:
        setattr(explorer, name, value)
        written = write(
            unpack(explorer.model),
            encode(explorer.sentence, SOURCE_WORDS).tolist(),
            mask=explorer.allowed,
            temperature=explorer.temperature,
            most=20,
        )
        assert explorer.target == [TARGET_WORDS[number] for number in written.words]
        np.testing.assert_array_equal(explorer.matrix, written.weights)
        chosen = min(explorer.word, len(explorer.target) - 1)
        np.testing.assert_array_equal(explorer.weights, explorer.matrix[chosen])
        assert explorer.entropy == core.entropy(explorer.weights)
    state = explorer.get_state()
    assert {"matrix", "weights", "entropy"}.isdisjoint(state)
    again = SentenceExplorer(**{name: state[name] for name in SentenceExplorer.options()})
    np.testing.assert_array_equal(again.matrix, explorer.matrix)


def test_the_readout_names_what_is_looked_at() -> None:
    explorer = SentenceExplorer(model=model(4), sentence="the cat sees a dog", word=0)
    most = int(explorer.weights.argmax())
    assert explorer.readout().startswith(
        f"{explorer.target[0]} ← {explorer.source[most]} {100 * explorer.weights[most]:.0f} %"
    )
    explorer.mask = [False] * 20
    assert explorer.readout() == f"{explorer.target[0]} ← nothing"
    assert "Not to be looked at: the, cat, sees, a, dog." in explorer.alt


def test_the_examples_follow_the_rules_and_are_different() -> None:
    assert len(set(EXAMPLES)) == len(EXAMPLES) > 4
    for sentence in EXAMPLES:
        assert SentenceExplorer(sentence=sentence).rules is not None
    explorer = SentenceExplorer(sentence="dog the")
    assert explorer.rules is None
    assert "By the rules" not in explorer.alt


def test_facts_have_every_word_with_its_translation() -> None:
    words = SentenceExplorer.facts()["words"]
    known = [word for kind in words.values() for word in kind]
    assert sorted(known) == sorted(SOURCE_WORDS[END + 1 :])
    others = [other for kind, pairs in words.items() if kind != "article" for other in pairs.values()]
    assert others == list(TARGET_WORDS[END + 1 :]), "the front end counts on the order"


def test_the_picture_shows_words_weights_and_what_is_forbidden() -> None:
    explorer = SentenceExplorer(model=model(5), sentence="the cat sees a dog", mask=[True, False] + [True] * 18, word=0)
    root = ET.fromstring(explorer.static_svg())
    texts = [node.text for node in root.iter(f"{SVG}text")]
    assert root.find(f"{SVG}title").text == f"What “{explorer.target[0]}” looks at"
    for word, weight in zip(explorer.source, explorer.weights, strict=True):
        assert (f"({word})" if word == "cat" else word) in texts
        assert f"{100 * weight:.0f} %" in texts
    assert texts[: len(explorer.target)] == explorer.target
    bold = [node.text for node in root.find(f"{SVG}g").iter(f"{SVG}text") if node.get("font-weight")]
    assert bold == [explorer.target[0]]


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("sentence", "the cats see", "sentence has 'cats', which is not one of the 60 words; the nearest is 'cat'"),
        ("sentence", "The cat", "sentence has 'The', which is not one of the 60 words; the nearest is 'the'"),
        ("sentence", "", "sentence has 0 words; it must have 1 to 20"),
        ("sentence", "the " * 21, "sentence has 21 words; it must have 1 to 20"),
        ("sentence", ["the", "cat"], "sentence is ['the', 'cat']; it must be a text"),
        ("word", 20, "word is 20; it must be a whole number from 0 to 19"),
        ("mask", [True] * 3, "it must be 20 to 20 times True or False"),
        ("temperature", 0, "temperature is 0; it must be a number from"),
        ("model", {}, "model has no 'start.bias'; it must be a Translator with attention, or its state_dict()"),
        ("model", 3, "model is no network"),
        ("model", torch.nn.Linear(2, 2), "model has no 'start.bias'"),
        ("model", {"start.bias": np.zeros(8)}, "model has no 'source_word.weight'"),
        ("model", dict.fromkeys(PARAMETERS, "abc"), "model is no network"),
        ("model", {name: {"shape": [1]} for name in PARAMETERS}, "model is no network"),
        ("model", dict.fromkeys(PARAMETERS, np.zeros(4)), "'source_word.weight' of shape (4,), not (63, 4)"),
        (
            "model",
            model(0, width=8).state_dict() | {"score.w": torch.full((8,), torch.nan)},
            "model is no network, or not all of it are numbers",
        ),
        ("model", model(0, width=66), "model has width 66; 64 is the most that a page can hold"),
        ("trained", "x" * 81, "trained has 81 letters; 80 are the most"),
    ],
)
def test_bad_values_are_refused_in_words_and_the_last_good_ones_stay(option: str, value: Any, message: str) -> None:
    explorer = SentenceExplorer()
    before, weights = getattr(explorer, option), explorer.weights
    with pytest.raises(traitlets.TraitError) as caught:
        setattr(explorer, option, value)
    assert message in str(caught.value)
    assert getattr(explorer, option) == before
    assert explorer.weights is weights


def test_a_sentence_is_taken_with_any_spaces() -> None:
    assert SentenceExplorer(sentence="  the   cat\tsleeps ").sentence == "the cat sleeps"

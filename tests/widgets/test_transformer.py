"""The model that writes, in Python: it is the one with torch; what it reads and what not; what it writes; refusals."""

import gzip
import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
import traitlets

from attnbook.core import softmax
from attnbook.data.book_text import ALPHABET, book_text, encode
from attnbook.data.draws import uniform
from attnbook.nn.writing import TextModel
from attnbook.widgets.packed import unpack
from attnbook.widgets.transformer import MOST_TEXT, TransformerExplorer
from attnbook.widgets.writer import CONTEXT, chosen, read


def model(seed: int, **sizes: int) -> TextModel:
    torch.manual_seed(seed)
    return TextModel(len(ALPHABET), **({"width": 8, "heads": 2, "layers": 2} | sizes)).double()


@pytest.mark.parametrize(("width", "heads", "layers"), [(64, 4, 2), (8, 1, 3), (12, 3, 1)])
def test_the_model_without_torch_is_the_one_with_torch(width: int, heads: int, layers: int) -> None:
    made = model(0, width=width, heads=heads, layers=layers)
    parameters = {name: each.detach().numpy() for name, each in made.state_dict().items()} | {
        "heads": np.array([heads])
    }
    rng = np.random.default_rng(0)
    for n in (1, 2, 40, CONTEXT):
        tokens = rng.integers(len(ALPHABET), size=n)
        with torch.no_grad():
            wanted, seen = made(torch.tensor(tokens)[None])
        maps, scores = read(parameters, tokens.tolist())
        np.testing.assert_allclose(scores, wanted[0], atol=1e-10)
        np.testing.assert_allclose(maps, torch.cat(seen, dim=1)[0], atol=1e-12)


def test_it_reads_the_last_characters_that_it_knows() -> None:
    explorer = TransformerExplorer(text="Ünd é? YES — 50%")
    assert explorer.known == "nd ? yes  50"
    explorer.text = "x" + "ab" * 80
    assert explorer.known == "ab" * 64
    assert explorer.maps.shape == (4, CONTEXT, CONTEXT)
    explorer.place, explorer.text = 5, "abc"
    assert explorer.chosen_place == 2
    assert explorer.rows()[1][:2] == ["2", "“b”"]


@pytest.mark.parametrize("text", ["", "é—ü"])
def test_with_nothing_to_read_nothing_is_expected(text: str) -> None:
    explorer = TransformerExplorer(text=text)
    assert (explorer.rows(), explorer.likely(), explorer.chosen_place) == ([], {}, -1)
    assert explorer.write(5) == text
    assert "nothing to look at" in explorer.alt
    assert "nan" not in explorer.static_svg().lower()


def test_the_past_does_not_see_the_future() -> None:
    explorer = TransformerExplorer(text="a softmax turns the scores", model=model(3))
    before = explorer.maps
    explorer.text = "a softmax burns the scores"
    np.testing.assert_array_equal(explorer.maps[:, :10], np.pad(before, ((0, 0), (0, 0), (0, 0)))[:, :10])
    assert np.abs(explorer.maps[:, 10:] - before[:, 10:]).max() > 1e-4


def test_it_writes_the_same_with_the_same_seed() -> None:
    texts = {TransformerExplorer(seed=seed, model=model(1)).write(30) for seed in (0, 0, 1)}
    assert len(texts) == 2
    cold = TransformerExplorer(model=model(1), temperature=1e-6)
    for _ in range(5):
        best = ALPHABET[cold.scores[-1].argmax()]
        assert cold.write(1)[-1] == best
    at_once, slowly = TransformerExplorer(model=model(1)), TransformerExplorer(model=model(1))
    for _ in range(12):
        slowly.write(1)
    assert at_once.write(12) == slowly.text
    np.testing.assert_allclose(slowly.chances, softmax(slowly.scores[-1]))
    full = TransformerExplorer(text="a" * (MOST_TEXT - 2))
    assert len(full.write(10)) == MOST_TEXT


def test_draws_come_as_often_as_their_chances_say() -> None:
    explorer = TransformerExplorer(text="to be", temperature=0.3)
    drawn = [chosen(explorer.chances, uniform(seed, len(explorer.text) + 1)[-1]) for seed in range(2000)]
    shares = np.bincount(drawn, minlength=len(ALPHABET)) / len(drawn)
    assert np.abs(shares - explorer.chances).max() < 4 * (0.25 / len(drawn)) ** 0.5
    assert explorer.write(1)[-1] == ALPHABET[drawn[0]]


def test_models_that_a_page_cannot_hold_are_refused() -> None:
    explorer = TransformerExplorer()
    before = explorer.model
    for wrong, words in (
        (TextModel(5, width=8, heads=2), "of shape"),
        (TextModel(len(ALPHABET), width=8, heads=2, causal=False), "it must be a causal TextModel"),
        (TextModel(len(ALPHABET), width=8, heads=2, context=64), "is no network"),
        (model(0, width=128), "width 128; 64 is the most"),
        (model(0, width=16, heads=8), "2 × 8 heads"),
        (torch.nn.Linear(2, 2), "is no network"),
        ({**before, "heads": {"shape": [1], "step": float("nan"), "numbers": "AQ=="}}, "model "),
        ({name: each for name, each in before.items() if name != "norm.bias"}, "model "),
        (3, "is no network"),
    ):
        with pytest.raises(traitlets.TraitError, match=words):
            explorer.model = wrong
        assert explorer.model == before
    spoilt = model(0)
    spoilt.norm.bias.data[0] = torch.nan
    with pytest.raises(traitlets.TraitError, match="is no network"):
        explorer.model = spoilt


def test_the_picture_shows_maps_and_what_comes_next() -> None:
    explorer = TransformerExplorer(trained="in a test", text="a line\nand another")
    root = ET.fromstring(explorer.static_svg())
    texts = [node.text for node in root.findall(".//{*}text")]
    assert texts[0] == "a line¶and another"
    assert {"1·1", "1·2", "2·1", "2·2"} <= set(texts)
    answer = next(node for node in root.iter() if "data-answer" in node.attrib)
    assert [node.text for node in answer.findall("{*}text")][1] == next(iter(explorer.likely()))
    assert "in a test" in root.findtext("{*}desc")


def test_eight_bits_are_enough_and_light_enough_for_a_page() -> None:
    made = TextModel(len(ALPHABET))
    packed = TransformerExplorer(model=made).model
    assert len(gzip.compress(json.dumps(packed).encode())) < 150_000
    tokens = encode(book_text().test[:CONTEXT])
    with torch.no_grad():
        wanted = made(torch.tensor(tokens)[None])[0][0].softmax(dim=-1).numpy()
    rounded = softmax(read(unpack(packed), tokens.tolist())[1])
    assert np.abs(rounded - wanted).max() < 0.02

"""The two explorers in Python: their networks are those with torch; the true hull; refusals; the pictures."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
import traitlets

from attnbook.core.pointing import follow, hull_edges
from attnbook.data.reviews import GRADES, THINGS, WORDS, reviews, spell
from attnbook.nn.pointing import PointerNetwork
from attnbook.nn.structures import Reader
from attnbook.widgets.packed import unpack
from attnbook.widgets.structures import MOST_POINTS, PointerExplorer, point_scores, true_round, verdict
from attnbook.widgets.structures_document import DocumentExplorer, read

SQUARE = [[-1.0, -1.0], [1.0, -1.0], [0.0, 0.1], [1.0, 1.0], [-1.0, 1.0]]


def network(seed: int, **sizes: int) -> PointerNetwork:
    torch.manual_seed(seed)
    return PointerNetwork(2, **({"width": 8, "heads": 2, "layers": 2} | sizes)).double()


@pytest.mark.parametrize(("width", "heads", "layers"), [(32, 4, 2), (8, 1, 3), (12, 6, 1)])
def test_the_network_without_torch_is_the_one_with_torch(width: int, heads: int, layers: int) -> None:
    made = network(0, width=width, heads=heads, layers=layers)
    parameters = {name: value.detach().numpy() for name, value in made.state_dict().items()} | {
        "heads": np.array([heads])
    }
    points = np.random.default_rng(0).uniform(-1, 1, (9, 2))
    wanted = made(torch.tensor(points)[None] / 2 + 0.5)[0].detach().numpy()
    np.testing.assert_allclose(point_scores(parameters, points), wanted, atol=1e-12)
    packed = PointerExplorer(model=made).model  # eight bits are enough to go the same way, nearly always
    rough = point_scores(unpack(packed), points)
    assert np.abs(rough - wanted).max() < 0.05 * np.abs(wanted).max()


def test_it_goes_as_core_goes() -> None:
    rng = np.random.default_rng(4)
    for seed in range(8):
        points = rng.uniform(-1, 1, (3 + 3 * seed, 2))
        explorer = PointerExplorer(points=points, model=network(seed))
        scores = point_scores(unpack(explorer.model), points)
        path = explorer.outline.tolist()
        assert path == follow(scores, int(points[:, 0].argmin()))
        assert explorer.weights.shape == (len(path), len(points))
        np.testing.assert_allclose(explorer.weights.sum(axis=1), 1)
        assert explorer.weights.argmax(axis=1).tolist() == [*path[1:], path[0]]
        for t, row in enumerate(explorer.weights):
            used = set(path[: t + 1]) - ({path[0]} if t > 1 else set())
            assert {j for j in range(len(points)) if row[j] == 0} >= used


def test_the_true_way_round_is_that_of_the_edges() -> None:
    rng = np.random.default_rng(5)
    for k in range(3, 30):
        points = rng.uniform(-1, 1, (k, 2))
        corners, along = true_round(points)
        assert corners == along == follow(hull_edges(points).astype(float), int(points[:, 0].argmin()))


def test_what_lies_on_an_edge_may_be_taken_in_or_left_out() -> None:
    slope = true_round([[-1, 0], [0.2, -0.4], [0, 0.3], [1, 0], [-0.4, -0.2], [0, -1], [-0.6, -0.4]])
    assert slope == ([0, 5, 3, 2], [0, 6, 5, 3, 2])
    row = true_round([[-1, -1], [0.1, -1], [-0.3, -1], [1, -1], [0, 1]])
    assert row == ([0, 3, 4], [0, 2, 1, 3, 4])
    for path, right in (([0, 3, 4], True), ([0, 2, 1, 3, 4], True), ([0, 1, 3, 4], True), ([0, 1, 2, 3, 4], False)):
        assert verdict(path, *row)[0] == right


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ([0, 1, 3, 4], "is right: all 4 corners, in order"),
        ([0, 1, 3], "misses e"),
        ([0, 1, 2, 3, 4], "takes in c"),
        ([0, 1, 2], "misses d and e and takes in c"),
        ([0, 4, 3, 1], "takes the corners in another order"),
    ],
)
def test_what_is_said_of_an_outline(path: list[int], what: str) -> None:
    assert verdict(path, *true_round(SQUARE)) == (what.startswith("is"), what)


def test_all_on_one_line_is_no_outline() -> None:
    explorer = PointerExplorer(points=[[-0.3, -0.1], [0.6, 0.2], [0.9, 0.3], [0.0, 0.0]], steps=MOST_POINTS)
    assert explorer.told() == "The outline goes back and forth: all points lie on one line"
    assert "nan" not in explorer.static_svg().lower()


def test_bad_values_are_refused_and_the_last_good_ones_stay() -> None:
    explorer = PointerExplorer(points=SQUARE)
    before = explorer.outline.tolist()
    for wrong, words in (
        ([], r"points has shape \(0,\); it must be 3 to 26 rows of two numbers"),
        (SQUARE[:2], r"points has shape \(2, 2\); it must be 3 to 26 rows"),
        ([*SQUARE, SQUARE[1]], "points 1 and 5 are in one place"),
        ([*SQUARE[:4], [0, 1.01]], "must hold numbers from −1 to 1, but has 1.01"),
        (np.zeros((27, 2)), r"points has shape \(27, 2\)"),
    ):
        with pytest.raises(traitlets.TraitError, match=words):
            explorer.points = wrong
        assert (explorer.points, explorer.outline.tolist()) == (SQUARE, before)
    for model, words in (
        (PointerNetwork(1, width=8, heads=2), "of shape"),
        (PointerNetwork(2, width=128, heads=2), "width 128; 64 is the most"),
        (torch.nn.Linear(2, 2), "is no network"),
        ({"enter.bias": [0.0]}, "has no 'heads'"),
        (3, "is no network"),
    ):
        with pytest.raises(traitlets.TraitError, match=words):
            explorer.model = model
    for name, part in (
        ("enter.bias", {"step": float("inf")}),
        ("heads", {"step": float("nan")}),
        ("heads", {"step": -0.1}),
    ):
        packed = {each: dict(value) for each, value in explorer.model.items()}
        packed[name] |= part
        with pytest.raises(traitlets.TraitError, match="model "):
            explorer.model = packed
    spoilt = network(0)
    spoilt.enter.bias.data[0] = torch.nan
    with pytest.raises(traitlets.TraitError, match="is no network"):
        explorer.model = spoilt


def test_steps_behind_the_end_are_the_last() -> None:
    explorer = PointerExplorer(points=SQUARE)
    for steps in range(MOST_POINTS + 1):
        explorer.steps = steps
        assert explorer.at == min(steps, len(explorer.outline))
        done = explorer.at == len(explorer.outline)
        assert explorer.told().startswith("The outline ") == done
        assert all(("→" in name) == done for name in explorer.bars())
        sizes = list(explorer.bars().values())
        assert sizes == sorted(sizes, reverse=not done)
        assert [row[3] for row in explorer.rows()].count("–") == (5 if done else 0)


def test_the_picture_shows_points_hull_and_outline() -> None:
    explorer = PointerExplorer(points=SQUARE, steps=MOST_POINTS, trained="in a test")
    root = ET.fromstring(explorer.static_svg())
    assert [node.text for node in root.findall(".//{*}text")][:5] == list("abcde")
    assert "in a test" in root.findtext("{*}desc")
    for each in explorer.outline.tolist():
        assert f" {'abcde'[each]}" in explorer.alt


def test_the_weights_of_the_chapter_are_small_enough_for_a_page() -> None:
    packed = PointerExplorer(model=PointerNetwork()).model
    assert sum(len(each["numbers"]) for each in packed.values()) < 30_000


# --- the review -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("levels", "kind"), [("one", "flat"), ("two", "levels")])
def test_the_reader_without_torch_is_the_one_with_torch(levels: str, kind: str) -> None:
    torch.manual_seed(1)
    made = Reader(len(WORDS), len(THINGS), len(GRADES), width=8, read=kind).double()
    some = reviews(20, seed=4)
    logits, found = made(torch.from_numpy(some.words), torch.from_numpy(some.question))
    parameters = {name: value.detach().numpy() for name, value in made.state_dict().items()}
    for i in range(20):
        document = " ".join(spell(row) for row in some.words[i])
        chances, looked = read(parameters, document, THINGS[some.question[i]], levels=levels)
        np.testing.assert_allclose(chances, logits[i].softmax(dim=-1).detach(), atol=1e-12)
        np.testing.assert_allclose(looked.words, found.words[i].detach(), atol=1e-12)
        np.testing.assert_allclose(looked.sentences, found.sentences[i].detach(), atol=1e-12)


def test_a_review_is_read_drawn_and_told() -> None:
    explorer = DocumentExplorer(levels="two", trained="not at all")
    assert " ".join(" ".join(line) for line in explorer.lines) == explorer.document
    best = int(explorer.sentences.argmax())
    row = explorer.rows()[best]
    assert row[0] == str(best + 1)
    assert row[1] == f"{100 * explorer.sentences.max():.0f} %"
    assert row[2] == explorer.lines[best][int(explorer.words[best].argmax())]
    root = ET.fromstring(explorer.static_svg())
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == f"How was the music? {explorer.answer}, {100 * explorer.chances.max():.0f} % (two levels)"
    assert [text for text in texts if text in WORDS] == explorer.document.split()
    assert f"sentence {best + 1}, {' '.join(explorer.lines[best])}: {row[1]}, most of it on {row[2]}" in explorer.alt
    before = explorer.words
    explorer.question = "pool"  # two levels weigh the words before anybody asks
    np.testing.assert_array_equal(explorer.words, before)
    for option, value, words in (
        ("document", "the room", "document has 2 words; it must have 48 to 48"),
        ("question", "food", "question is 'food'"),
        ("flat", torch.nn.Linear(2, 2), "flat has no 'asks'"),
        ("hierarchy", {"asks": np.zeros(65)}, "hierarchy has width 65; 64 is the most"),
    ):
        with pytest.raises(traitlets.TraitError, match=words):
            setattr(explorer, option, value)

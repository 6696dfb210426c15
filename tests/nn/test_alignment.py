"""The translator: what each kind may look at, what padding may not do, and that it learns."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from attnbook.core.alignment import alignment_error_rate
from attnbook.data.phrase import END, PAD, SOURCE_WORDS, START, TARGET_WORDS, batches, phrases
from attnbook.nn.alignment import Translator
from attnbook.nn.scoring import Additive

WORDS = (len(SOURCE_WORDS), len(TARGET_WORDS))
KINDS = pytest.mark.parametrize("attention", [False, True], ids=["fixed vector", "attention"])


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As in the chapter: models this small are fastest so, and the numbers are the same in every run."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def tensors(count: int = 6, words: tuple[int, int] = (4, 9), seed: int = 0) -> list[Tensor]:
    corpus = phrases(count, words=words, seed=seed)
    return [torch.from_numpy(array) for array in (corpus.source, corpus.target_in, corpus.target)]


def make(attention: bool, width: int = 8, seed: int = 0) -> Translator:
    """A model far from its start, so that whatever can make a difference does."""
    torch.manual_seed(seed)
    model = Translator(*WORDS, width=width, attention=attention)
    with torch.no_grad():
        for W in model.parameters():
            W.normal_(std=0.7)
    return model.double()


@KINDS
def test_shapes_of_logits_and_weights(attention: bool) -> None:
    source, target_in, _ = tensors()
    logits, weights = make(attention)(source, target_in)
    assert logits.shape == (*target_in.shape, len(TARGET_WORDS))
    if not attention:
        assert weights is None
        return
    assert weights.shape == (*target_in.shape, source.shape[1])
    torch.testing.assert_close(weights.sum(-1), torch.ones_like(target_in, dtype=weights.dtype))
    assert (weights.swapaxes(1, 2)[source == PAD] == 0).all()
    assert (weights.swapaxes(1, 2)[source != PAD] > 0).all()


def test_scores_and_contexts_are_those_of_the_formula() -> None:
    """One sentence, one step after the other, with the cells and the matrices alone."""
    source, target_in, _ = tensors(1, words=(6, 6))
    model = make(True)
    logits, weights = model(source, target_in)

    def cell(gru: nn.GRU, suffix: str, x: Tensor, h: Tensor) -> Tensor:
        """The gated recurrent unit, as the documentation of torch writes it down."""
        W_i, W_h, b_i, b_h = (getattr(gru, name + suffix) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        (r_x, z_x, n_x), (r_h, z_h, n_h) = (W_i @ x + b_i).chunk(3), (W_h @ h + b_h).chunk(3)
        reset, keep = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
        return (1 - keep) * torch.tanh(n_x + reset * n_h) + keep * h

    words = [model.source_word.weight[i] for i in source[0]]
    ahead, back = [torch.zeros(4, dtype=torch.float64)], [torch.zeros(4, dtype=torch.float64)]
    for x in words:
        ahead.append(cell(model.encoder, "_l0", x, ahead[-1]))
    for x in reversed(words):
        back.append(cell(model.encoder, "_l0_reverse", x, back[-1]))
    states = torch.stack([torch.cat([a, b]) for a, b in zip(ahead[1:], reversed(back[1:]), strict=True)])
    q = torch.tanh(model.start.weight @ torch.cat([ahead[-1], back[-1]]) + model.start.bias)
    score = model.score
    assert score is not None
    for t, word in enumerate(target_in[0]):
        q = cell(model.decoder, "_l0", model.target_word.weight[word], q)
        scores = torch.stack([score.w @ torch.tanh(score.W_q @ q + score.W_k @ h + score.bias) for h in states])
        row = torch.softmax(scores, dim=0)
        context = sum(row[i] * states[i] for i in range(len(states)))
        both = torch.tanh(model.combine.weight @ torch.cat([q, context]) + model.combine.bias)
        torch.testing.assert_close(weights[0, t], row)
        torch.testing.assert_close(logits[0, t], model.next_word.weight @ both + model.next_word.bias)


def test_the_fixed_model_reads_one_vector_and_nothing_else() -> None:
    source, target_in, _ = tensors()
    for attention in (False, True):
        model = make(attention)
        read = model.read(source)
        before = model.write(target_in, read)[0]
        other_states = model.write(target_in, read._replace(states=torch.randn_like(read.states)))[0]
        assert torch.equal(before, other_states) is not attention
        other_vector = model.write(target_in, read._replace(last=torch.randn_like(read.last)))[0]
        assert not torch.equal(before, other_vector)


def test_the_fixed_vector_is_where_either_direction_has_ended() -> None:
    source, _, _ = tensors()
    read = make(False, width=8).read(source)
    for i, length in enumerate((source != PAD).sum(dim=1).tolist()):
        assert torch.equal(read.last[i, 0, :4], read.states[i, length - 1, :4])
        assert torch.equal(read.last[i, 0, 4:], read.states[i, 0, 4:])


def test_encoder_states_depend_on_words_read_so_far() -> None:
    model = make(True)
    source = torch.tensor([[5, 6, 7, 8, 9]])
    changed = source.clone()
    changed[0, 2] = 20
    differs = (model.read(source).states - model.read(changed).states).abs() > 0
    assert differs[0, :, :4].any(dim=1).tolist() == [False, False, True, True, True]
    assert differs[0, :, 4:].any(dim=1).tolist() == [True, True, True, False, False]


@KINDS
def test_decoder_depends_on_earlier_words_only(attention: bool) -> None:
    source, target_in, _ = tensors(2, words=(6, 6))
    model = make(attention)
    changed = target_in.clone()
    changed[:, 3] = 10
    differs = (model(source, target_in)[0] - model(source, changed)[0]).abs().amax(dim=(0, 2)) > 0
    assert differs.tolist() == [False] * 3 + [True] * (target_in.shape[1] - 3)


@KINDS
def test_padding_has_no_influence(attention: bool) -> None:
    source, target_in, _ = tensors(5, words=(4, 12))
    model = make(attention)
    together, weights = model(source, target_in)
    wider, wider_weights = model(nn.functional.pad(source, (0, 7)), nn.functional.pad(target_in, (0, 3)))
    torch.testing.assert_close(wider[:, : target_in.shape[1]], together, rtol=0, atol=1e-13)
    with torch.no_grad():
        model.source_word.weight[PAD] = 1e6
    for i, (s, t) in enumerate(zip(source, target_in, strict=True)):
        length, steps = int((s != PAD).sum()), int((t != PAD).sum())
        alone, row = model(s[None, :length], t[None, :steps])
        torch.testing.assert_close(together[i : i + 1, :steps], alone, rtol=0, atol=1e-12)
        if attention:
            torch.testing.assert_close(weights[i : i + 1, :steps, :length], row, rtol=0, atol=1e-12)
            assert (wider_weights[i, :, length:] == 0).all()


@KINDS
def test_nothing_is_remembered_from_one_call_to_the_next(attention: bool) -> None:
    model = make(attention)
    kept = set(vars(model))
    source, target_in, _ = tensors()
    first = model(source, target_in)[0]
    model(*tensors(3, words=(12, 12), seed=4)[:2])
    model.translate(source, start=START, end=END, most=4)
    assert torch.equal(model(source, target_in)[0], first)
    assert set(vars(model)) == kept
    assert not dict(model.named_buffers())


def test_both_kinds_share_all_parameters_but_those_of_the_score() -> None:
    fixed, attending = (dict(Translator(*WORDS, width=8, attention=kind).named_parameters()) for kind in (False, True))
    assert {name for name in attending if name not in fixed} == {"score.W_q", "score.W_k", "score.w", "score.bias"}
    assert all(fixed[name].shape == attending[name].shape for name in fixed)
    score = Translator(*WORDS, width=8, attention=True).score
    assert isinstance(score, Additive)


@KINDS
def test_every_parameter_gets_a_gradient(attention: bool) -> None:
    model = make(attention)
    model(*tensors()[:2])[0].square().sum().backward()
    for name, W in model.named_parameters():
        assert W.grad is not None, name
        assert bool((W.grad != 0).any()), name


@KINDS
def test_translating_goes_on_from_the_likeliest_word(attention: bool) -> None:
    model = make(attention)
    source, _, _ = tensors(8, words=(4, 9))
    written, weights = model.translate(source, start=START, end=END, most=12)
    assert not written.requires_grad
    so_far = torch.full((8, 1), START)
    for t in range(written.shape[1]):
        logits, rows = model(source, so_far)  # all anew, from the beginning
        best = logits[:, -1].argmax(dim=-1)
        done = (so_far[:, 1:] == END).any(dim=1)
        assert torch.equal(written[:, t], torch.where(done, PAD, best))
        if attention:
            torch.testing.assert_close(weights[:, t][~done], rows[:, -1][~done])
        so_far = torch.cat([so_far, best[:, None]], dim=1)
    assert weights is None or weights.shape == (*written.shape, source.shape[1])


class Scripted(Translator):
    """A model whose next words are given."""

    def write(self, target_in, read, state=None):  # type: ignore[no-untyped-def]
        step = 0 if state is None else int(state)
        logits = nn.functional.one_hot(torch.tensor([[5, 6, END, 7], [END, 8, 9, 3]])[:, step], WORDS[1])[:, None]
        return logits.double(), torch.full((2, 1, 3), 1 / 3), torch.tensor(step + 1)


def test_translating_ends_at_the_end_and_at_the_most() -> None:
    source = torch.tensor([[5, 6, 7], [5, 6, 7]])
    model = Scripted(*WORDS, width=8, attention=True)
    written, weights = model.translate(source, start=START, end=END)
    assert written.tolist() == [[5, 6, END], [END, PAD, PAD]]
    assert weights.shape == (2, 3, 3)
    assert model.translate(source, start=START, end=END, most=2)[0].tolist() == [[5, 6], [END, PAD]]


@KINDS
def test_the_seed_decides_everything(attention: bool) -> None:
    corpus = phrases(40, words=(4, 8), seed=0)

    def trained() -> Tensor:
        torch.manual_seed(5)
        model = Translator(*WORDS, width=8, attention=attention)
        learn(model, corpus, steps=3, size=10)
        return torch.cat([W.flatten() for W in model.parameters()]).detach()

    assert torch.equal(trained(), trained())


def learn(model, corpus, *, steps, size):
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    for batch in batches(corpus, size=size, steps=steps, seed=1):
        source, target_in, target = (torch.from_numpy(a) for a in (batch.source, batch.target_in, batch.target))
        loss = nn.functional.cross_entropy(model(source, target_in)[0].mT, target, ignore_index=PAD)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def test_attention_learns_to_translate_and_to_align() -> None:
    torch.manual_seed(0)
    corpus = phrases(200, words=(4, 5), seed=0)
    model = Translator(*WORDS, width=24, attention=True)
    learn(model, corpus, steps=150, size=40)
    source, target = torch.from_numpy(corpus.source), corpus.target
    written, _ = model.translate(source, start=START, end=END)
    assert (written.numpy() == target[:, : written.shape[1]]).all(axis=1).mean() > 0.9
    _, weights = model(source, torch.from_numpy(corpus.target_in))
    best = weights.argmax(dim=-1, keepdim=True)
    links = torch.zeros_like(weights, dtype=torch.bool).scatter(2, best, True).numpy()
    gold = corpus.links
    assert alignment_error_rate(links & gold.any(axis=-1, keepdims=True), gold) < 0.2


def test_the_fixed_vector_learns_short_sentences_too() -> None:
    torch.manual_seed(0)
    corpus = phrases(100, words=(4, 5), seed=0)
    model = Translator(*WORDS, width=32, attention=False)
    learn(model, corpus, steps=150, size=40)
    written, _ = model.translate(torch.from_numpy(corpus.source), start=START, end=END)
    assert (written.numpy() == corpus.target[:, : written.shape[1]]).all(axis=1).mean() > 0.9

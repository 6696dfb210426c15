"""The triangle of scores: which of them each way of saving computes, what stays in memory, how far the answer moves."""

from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Bool, Float64

from attnbook.core.alignment import attend
from attnbook.core.cache import cache_bytes
from attnbook.core.efficient import blockwise, windowed
from attnbook.core.fast_weights import feature, linear_attend
from attnbook.core.heads import merge_heads, multi_head, split_heads
from attnbook.core.scoring import scaled_dot
from attnbook.core.self_attention import causal_mask, window_mask
from attnbook.core.shared_heads import grouped
from attnbook.data.draws import gaussian
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import OneOf, Option, Ranged, Task, computed
from attnbook.widgets.svg import decimal, percent

__all__ = ["HEADS", "TOKENS", "EfficientExplorer", "sequence"]

TOKENS, HEADS, WIDTH = 24, 4, 8
RECENT, QUIET = 0.25, 0.1  # a score falls by so much with each token further back; so small is the first value
MODEL = {"layers": 32, "heads": 32, "width": 128}  # of the page, with numbers of two bytes
STATE_BYTES = 2 * MODEL["layers"] * MODEL["heads"] * MODEL["width"] ** 2


def sequence(seed: int, rest: float) -> Float64[np.ndarray, "3 n hd"]:
    """Draw queries, keys and values that look at the latest tokens, and at the first, by ``rest`` above the latest."""
    places = np.arange(TOKENS)[:, None]
    drawn = gaussian(seed, (3, TOKENS, HEADS, WIDTH))
    drawn[0, ..., 0], drawn[1, ..., 0] = np.sqrt(WIDTH), RECENT * places
    drawn[0, ..., 1], drawn[1, ..., 1] = np.sqrt(WIDTH) * (rest + RECENT * places), places == 0
    drawn[2, 0] *= QUIET
    return drawn.reshape(3, TOKENS, -1)


class EfficientExplorer(Explorer):
    """Choose a way to save, move the query, and see what is computed, what is kept, and how far the answer moves.

    24 tokens with 4 heads of width 8, drawn from ``seed``, rest on the first token as large models do. Bytes are those
    of the model of the page: 32 layers with 32 heads of width 128, two bytes a number.

    >>> explorer = EfficientExplorer(way="window", width=6)
    >>> round(explorer.moved, 2), round(explorer.left_out, 2), explorer.in_memory.sum()
    (0.96, 0.59, np.int64(6))
    >>> EfficientExplorer(way="blocks", steps=24).moved < 1e-12
    True
    """

    _module: ClassVar[str] = "efficient"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "a window keeps the last 6 tokens, and what is hatched is never computed. How wide must it be for the "
            "answer of token 20 to move by less than 0.2 of its length? Decide, then move Width.",
            "Now, with {width} of {tokens} tokens. {share} of the weight is on the first one, and any window that does "
            "not reach back to it drops that much. Such a token is called a sink.",
        ),
        Task(
            "set Sinks to 1, so that the first token is never dropped, and make the window at most 8 wide. Can the "
            "answer still move by less than 0.2?",
            "Yes. With {kept} tokens in memory, the first among them, {out} of the weight is left out and the answer "
            "moves by {moved}. The next token overwrites an old one: the memory has stopped growing.",
        ),
        Task(
            "two other ways compute every score, but save something. One of them does not move the answer at all: "
            "find it, and go to the end of the row.",
            "All {blocks} blocks are read, never more than {most} scores at a time, and the answer moves by {moved}. "
            "Only the highest score, the sum and the output so far were carried from block to block.",
        ),
    )

    way = OneOf(
        {
            "all": Option("all at once", "o = Σ α_i v_i", "All scores of a row are there at the same time."),
            "blocks": Option("in blocks", "o = (z_A o_A + z_B o_B) / (z_A + z_B)", "Part A is read, then B; exact."),
            "window": Option("window", "o − o_A = α_B (o_B − o_A)", "A is kept; B is dropped, with its weight."),
            "groups": Option(
                "grouped heads",
                "k = (k_1 + … + k_s) / s",
                "Heads share the mean of their keys, and of their values. A model is trained for it; this one is not.",
            ),
            "linear": Option("linear", "o = Mᵀφ(q) / (z · φ(q))", "A matrix M for each head, as large as d/2 tokens."),
        },
        "window",
        label="Way",
        help="How attention is computed.",
    )
    query = Ranged(0, TOKENS - 1, 19, whole=True, help="Which token asks. It counts from 0.")
    width = Ranged(1, TOKENS, 6, step=1, whole=True, label="Width", help="So many of the last tokens are kept.")
    sinks = Ranged(0, 4, 0, step=1, whole=True, label="Sinks", help="So many of the first tokens are kept.")
    block = Ranged(1, TOKENS, 4, step=1, whole=True, label="Block", help="How many keys, and queries, at a time.")
    steps = Ranged(1, TOKENS, 1, whole=True, help="So many blocks of the row are read; behind the end, all.")
    share = OneOf(["1", "2", "4"], "4", label="Heads in a group", help="So many heads share keys and values.")
    rest = Ranged(0, 4, 2, step=0.1, label="Rest", help="By how much the first token scores above the latest.")
    seed = Ranged(0, 9999, 0, whole=True, help="From which the sequence is drawn.")

    weights = computed("The weights of all tokens, a mean over the heads; zero where no score is computed.")
    direct = computed("The same without saving anything.")
    in_memory = computed("For each token, whether its keys and values are kept once the query is answered.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the sizes of the sequence and of the model's memory too."""
        sizes = {"tokens": TOKENS, "heads": HEADS, "width": WIDTH, "recent": RECENT, "quiet": QUIET}
        return {**super().facts(), "sizes": sizes, "token_bytes": cache_bytes(1, **MODEL), "state_bytes": STATE_BYTES}

    @property
    def end(self) -> int:
        """Before which token the blocks end that the query has read."""
        return int(min(self.steps * self.block, self.query + 1))

    @property
    def seen(self) -> Bool[np.ndarray, "n n"]:
        """True where a token's score for another is computed, by its row; in blocks, until now."""
        places, allowed = np.arange(TOKENS), np.ones((TOKENS, TOKENS), dtype=bool)
        if self.way == "window":
            allowed = np.asarray(window_mask(TOKENS, TOKENS, width=self.width)) | (places < self.sinks)
        elif self.way == "blocks":
            late = (places // self.block - self.query // self.block)[:, None]  # (n, 1), below 0 in earlier blocks
            allowed = (late < 0) | ((late == 0) & (places < self.end))
        elif self.way == "linear":
            allowed = ~allowed
        return np.asarray(causal_mask(TOKENS, TOKENS) & allowed)

    @traitlets.observe("way", "query", "width", "sinks", "block", "steps", "share", "rest", "seed")
    def _compute(self, change: object = None) -> None:
        given, causal, t = sequence(self.seed, self.rest), np.asarray(causal_mask(TOKENS, TOKENS)), self.query
        query, keys, values = (split_heads(each, HEADS) for each in given)  # (h, n, d)
        full, direct = multi_head(*given, heads=HEADS, mask=causal)
        weights = attend(scaled_dot(query, keys), values, mask=self.seen)[1]
        if self.way == "groups":
            shape = (2, TOKENS, -1, int(self.share), WIDTH)
            shared = given[1:].reshape(shape).mean(axis=3).reshape(2, TOKENS, -1)
            sizes = {"heads": HEADS, "groups": HEADS // int(self.share)}
            output, weights = grouped(given[0], *shared, **sizes, mask=causal)
        elif self.way == "linear":
            output = merge_heads(linear_attend(query, keys, values)[0])
            weights = causal * (feature(query) @ feature(keys).mT)
            weights = weights / weights.sum(axis=-1, keepdims=True)
        elif self.way == "window":
            output = merge_heads(windowed(query, keys, values, width=self.width, sinks=self.sinks))
        else:
            end = self.end if self.way == "blocks" else t + 1
            read = blockwise(query, keys[:, :end], values[:, :end], block=self.block, mask=causal[:, :end])
            output = merge_heads(read) if self.way == "blocks" else full
        row = np.asarray(direct).mean(axis=0)[t]
        self.moved = float(np.linalg.norm(output[t] - full[t]) / np.linalg.norm(full[t]))
        self.left_out = 0.0 if self.way == "linear" else float(row[~self.seen[t]].sum())
        kept = (self.seen if self.way == "window" else causal)[t] & (self.way != "linear")
        self._tell({"weights": weights.mean(axis=0), "direct": direct.mean(axis=0), "in_memory": kept})

    def bytes_kept(self, more: int = 0) -> int:
        """Return the bytes that the model of the page keeps for the tokens so far, and ``more`` of them."""
        if self.way == "linear":
            return STATE_BYTES
        how = {"groups": {"groups": MODEL["heads"] // int(self.share)}, "window": {"window": self.width + self.sinks}}
        return cache_bytes(self.query + 1 + more, **MODEL, **how.get(self.way, {}))

    def rows(self) -> list[list[str]]:
        """Return for each token up to the query its weight without saving, its weight here, and whether it is kept."""
        here, row = self.weights[self.query], self.direct[self.query]
        return [
            [str(i + 1), decimal(row[i], 3), decimal(here[i], 3), "kept" if self.in_memory[i] else "–"]
            for i in range(self.query + 1)
        ]

    def told(self) -> list[str]:
        """Return what is computed, kept, left out and changed, each in a few words."""
        every, blocks, of = TOKENS * (TOKENS + 1) // 2, self.way == "blocks", self.query + 1
        less = f", 1/{self.share} of each" * (self.way == "groups" and self.share != "1")
        out = "not yet read" if blocks else "left out"
        return [
            f"{every if blocks else self.seen.sum()} of {every} scores" + f", {self.block**2} at a time" * blocks,
            "a matrix for each head" if self.way == "linear" else f"{self.in_memory.sum()} of {of} tokens kept{less}",
            f"{self.bytes_kept() / 1e6:.1f} MB, + {self.bytes_kept(1) - self.bytes_kept():,} B a token",
            f"{percent(self.left_out)} of the weight {out}",
            f"answer moves by {decimal(self.moved)}",
        ]

    def static_svg(self) -> str:
        """Return the triangle of weights, and what it costs and changes, as an SVG picture."""
        names = [str(i + 1) for i in range(TOKENS)]
        table = svg.matrix(self.weights, rows=names, columns=names, outlined=None, bold=self.query)
        title = f"{type(self).way.options[self.way].label}, token {self.query + 1} asks"
        parts = ['<g transform="translate(0 -24)">', table, '</g><g transform="translate(380 70)">']
        parts += [svg.text(0, 0, title, bold=True), svg.note(0, 170, "MB, B: bytes in the model of this page")]
        parts += [svg.text(0, 34 + 26 * n, text) for n, text in enumerate(self.told())]
        return svg.picture(680, 320, title="What is computed, and what is kept", alt=self.alt, parts=[*parts, "</g>"])

    @property
    def alt(self) -> str:
        """The triangle and its results as they stand now, in words."""
        return (
            f"A triangle of weights, a row for each of {TOKENS} tokens that ask; what is not computed is empty. Way: "
            f"{type(self).way.options[self.way].label}. Token {self.query + 1} asks: {'; '.join(self.told())}."
        )

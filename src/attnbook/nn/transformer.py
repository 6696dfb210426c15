"""The block that a Transformer is a stack of, a model that writes text with it, and one that translates."""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.optim.lr_scheduler import OneCycleLR

from attnbook.core.alignment import attend
from attnbook.core.heads import merge_heads, split_heads
from attnbook.core.scoring import scaled_dot
from attnbook.core.self_attention import causal_mask, rotate
from attnbook.data.book_text import ALPHABET, book_text, encode
from attnbook.nn.heads import MultiHead
from attnbook.nn.scoring import positive
from attnbook.nn.training import train

__all__ = [
    "Attention",
    "Block",
    "Cache",
    "TextModel",
    "Transformer",
    "book_model",
    "post_norm",
    "pre_norm",
    "text_loss",
]

Part = Callable[[Tensor], Tensor]
Around = Callable[[Tensor, nn.Module, Part], Tensor]


def pre_norm(x: Tensor, norm: nn.Module, part: Part) -> Tensor:
    """Normalise what a part of a block reads, and add what it makes of it: ``x + part(norm(x))``.

    >>> pre_norm(torch.tensor([[1.0, 5.0]]), nn.LayerNorm(2), lambda x: 10 * x).round().tolist()
    [[-9.0, 15.0]]
    """
    return x + part(norm(x))


def post_norm(x: Tensor, norm: nn.Module, part: Part) -> Tensor:
    """Add what a part of a block makes, and normalise the sum: ``norm(x + part(x))``, as printed in 2017.

    >>> post_norm(torch.tensor([[1.0, 5.0]]), nn.LayerNorm(2), lambda x: 10 * x).round().tolist()
    [[-1.0, 1.0]]
    """
    normed: Tensor = norm(x + part(x))
    return normed


class Cache:
    """Keys and values of the tokens that a model has read, so that it need not make them again.

    >>> model, cache = TextModel(5, width=8, heads=2, layers=1, context=16), Cache()
    >>> _ = model(torch.tensor([[1, 2, 3]]), cache)
    >>> _ = model(torch.tensor([[4]]), cache)
    >>> cache.length
    4
    """

    def __init__(self) -> None:
        self.rows: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    @property
    def length(self) -> int:
        """How many tokens it holds."""
        return next((keys.shape[-2] for keys, _ in self.rows.values()), 0)

    def length_of(self, owner: nn.Module) -> int:
        """How many tokens it holds of one attention."""
        return self.rows[owner][0].shape[-2] if owner in self.rows else 0

    def extend(self, owner: nn.Module, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Put new rows behind those of the same attention; return all."""
        if owner in self.rows:
            before = self.rows[owner]
            keys, values = torch.cat([before[0], keys], dim=-2), torch.cat([before[1], values], dim=-2)
        self.rows[owner] = keys, values
        return keys, values


class Attention(MultiHead):
    r"""Several heads whose queries and keys are turned by their positions, and which may remember their keys.

    .. math:: s_{ti} = \frac{(R_t q_t) \cdot (R_i k_i)}{\sqrt d}

    Args:
        width: Numbers in a vector.
        heads: How many; each gets an equal part of the width.
        rotary: Whether positions turn queries and keys. Without it, the order of the keys is not seen.

    >>> attention, x = Attention(8, heads=2), torch.randn(1, 5, 8)
    >>> output, weights = attention(x, x, x)
    >>> output.shape, weights.shape
    (torch.Size([1, 5, 8]), torch.Size([1, 2, 5, 5]))
    """

    def __init__(self, width: int, heads: int, *, rotary: bool = True) -> None:
        super().__init__(width, heads)
        if rotary and width // heads % 2:
            raise ValueError(
                f"a head has width {width // heads}; it must be even, since positions turn pairs of numbers"
            )
        self.rotary = rotary

    def forward(
        self,
        query: Float[Tensor, "*b q d"],
        keys: Float[Tensor, "*b k d"],
        values: Float[Tensor, "*b k d"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        cache: Cache | None = None,
    ) -> tuple[Float[Tensor, "*b q d"], Float[Tensor, "*b h q k"]]:
        """Return what all heads read, mixed, and the weights of each; with a cache, keys go behind those it holds."""
        made = (self.query(query), self.key(keys), self.value(values))
        q, k, v = (split_heads(x, self.heads) for x in made)  # (*b, h, n, d)
        if self.rotary:
            before = 0 if cache is None else cache.length_of(self)
            q, k = (rotate(x, before + torch.arange(x.shape[-2])) for x in (q, k))  # each by its place
        if cache is not None:
            k, v = cache.extend(self, k, v)
        if mask is not None and mask.ndim > 2:
            mask = mask[..., None, :, :]  # (b, 1, q, k): the same for all heads
        read, weights = attend(scaled_dot(q, k), v, mask=mask)
        return self.output(merge_heads(read)), weights


class Block(nn.Module):
    r"""Let the tokens ask each other, then let each think for itself; normalise and add around both.

    .. math::
        x \leftarrow x + \operatorname{Attention}(\operatorname{norm}(x)) \qquad
        x \leftarrow x + W_2 \max(0, W_1 \operatorname{norm}(x) + b_1) + b_2

    Args:
        width: Numbers in a vector.
        heads: Heads of each attention.
        cross: Whether the tokens also ask another sequence, between the two.
        rotary: See :class:`Attention`.
        around: How a part is normalised and added: :func:`pre_norm` as above, :func:`post_norm`, or your own.

    >>> block, x = Block(8, heads=2), torch.randn(1, 5, 8)
    >>> output, (weights,) = block(x)
    >>> output.shape, weights.shape
    (torch.Size([1, 5, 8]), torch.Size([1, 2, 5, 5]))
    """

    def __init__(
        self, width: int, heads: int, *, cross: bool = False, rotary: bool = True, around: Around = pre_norm
    ) -> None:
        super().__init__()
        self.around = around
        self.attention = Attention(width, heads, rotary=rotary)
        self.cross = Attention(width, heads, rotary=rotary) if cross else None
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3 if cross else 2))

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        read: Float[Tensor, "b s d"] | None = None,
        read_mask: Bool[Tensor, "..."] | None = None,
        cache: Cache | None = None,
    ) -> tuple[Float[Tensor, "b n d"], list[Float[Tensor, "b h n k"]]]:
        """Return the new vectors, and the weights of the attention and of the cross-attention, if there is one.

        Args:
            x: A vector for each token.
            mask: True where a token may look at a token.
            read: What cross-attention reads: keys and values come from here, queries from x.
            read_mask: True where it may.
            cache: The tokens before these.
        """
        seen: list[Tensor] = []

        def asks(y: Tensor) -> Tensor:
            output, weights = self.attention(y, y, y, mask=mask, cache=cache)
            seen.append(weights)
            return output  # type: ignore[no-any-return]

        def crosses(y: Tensor) -> Tensor:
            output, weights = self.cross(y, read, read, mask=read_mask)  # type: ignore[misc]
            seen.append(weights)
            return output  # type: ignore[no-any-return]

        def thinks(y: Tensor) -> Tensor:
            return self.narrow(torch.relu(self.widen(y)))  # type: ignore[no-any-return]

        parts = [asks, thinks] if self.cross is None else [asks, crosses, thinks]
        for norm, part in zip(self.norms, parts, strict=True):
            x = self.around(x, norm, part)
        return x, seen


class TextModel(nn.Module):
    """Read tokens, and say at each place what it expects: the next token if causal (GPT), this one if not (BERT).

    Args:
        tokens: How many there are.
        width: Numbers in a vector.
        heads: Heads in each block.
        layers: How many blocks.
        context: How many tokens it reads at most.
        causal: Whether a token sees only those before it and itself.
        rotary: See :class:`Attention`.
        around: See :class:`Block`.

    >>> model = TextModel(5, width=8, heads=2, layers=1, context=16)
    >>> logits, weights = model(torch.tensor([[3, 1, 4]]))
    >>> logits.shape, len(weights), weights[0].shape
    (torch.Size([1, 3, 5]), 1, torch.Size([1, 2, 3, 3]))
    """

    def __init__(
        self,
        tokens: int,
        *,
        width: int = 64,
        heads: int = 4,
        layers: int = 2,
        context: int = 128,
        causal: bool = True,
        rotary: bool = True,
        around: Around = pre_norm,
    ) -> None:
        super().__init__()
        positive(tokens=tokens, layers=layers, context=context)
        self.context, self.causal = context, causal
        self.token = nn.Embedding(tokens, width)
        nn.init.normal_(self.token.weight, std=0.3)
        self.blocks = nn.ModuleList(Block(width, heads, rotary=rotary, around=around) for _ in range(layers))
        self.norm, self.next_token = nn.LayerNorm(width), nn.Linear(width, tokens)

    def forward(
        self, tokens: Int64[Tensor, "b n"], cache: Cache | None = None
    ) -> tuple[Float[Tensor, "b n tokens"], list[Float[Tensor, "b h n k"]]]:
        """Return the logits at each place, and the weights of each block.

        Args:
            tokens: The numbers of the tokens.
            cache: If given, these tokens come after those that it holds, and are added to it.
        """
        before = 0 if cache is None else cache.length
        check_tokens(tokens, known=self.token.num_embeddings, most=self.context - before, before=before)
        n = tokens.shape[1]
        mask = causal_mask(n, before + n, start=before, like=tokens) if self.causal else None
        x, seen = self.token(tokens), []  # (b, n, d)
        for block in self.blocks:
            x, (weights,) = block(x, mask=mask, cache=cache)
            seen.append(weights)
        return self.next_token(self.norm(x)), seen

    @torch.no_grad()
    def write(
        self, tokens: Int64[Tensor, "b n"], count: int, *, temperature: float = 1.0, cached: bool = True
    ) -> Int64[Tensor, "b m"]:
        """Go on from some tokens, each time drawing the next one with its probability; return the new ones.

        Args:
            tokens: What has been written before.
            count: How many to write.
            temperature: Below 1, likely tokens become likelier; at 0, the likeliest is taken.
            cached: Whether keys and values are kept, or all is read again at each step.
        """
        positive(count=count)
        if not 0 <= temperature < float("inf"):
            raise ValueError(f"temperature is {temperature}; it must be 0 or a positive number")
        check_tokens(tokens, known=self.token.num_embeddings, most=self.context)
        if tokens.shape[1] + count - 1 > self.context:
            raise ValueError(
                f"{tokens.shape[1]} tokens and {count} more do not fit: the context has {self.context} places"
            )
        cache, new, written = Cache() if cached else None, tokens, tokens
        for _ in range(count):
            logits = self(new if cached else written, cache)[0][:, -1]  # (b, tokens)
            if temperature == 0:
                new = logits.argmax(dim=-1, keepdim=True)  # (b, 1)
            else:
                new = torch.multinomial((logits / temperature).softmax(dim=-1), 1)
            written = torch.cat([written, new], dim=1)
        return written[:, tokens.shape[1] :]


class Transformer(nn.Module):
    """Read a sentence with blocks that see all of it, write its translation with blocks that see it and the past.

    Args:
        source_words: How many words there are to read.
        target_words: How many there are to write.
        width: Numbers in a vector.
        heads: Heads in each attention.
        layers: Blocks of the encoder, and as many of the decoder.
        rotary: See :class:`Attention`.
        around: See :class:`Block`.
        pad: The number of the word that fills up short sentences. It is not looked at.

    >>> model = Transformer(9, 7, width=8, heads=2, layers=1)
    >>> logits, crossed = model(torch.tensor([[3, 4, 5, 0]]), torch.tensor([[1, 6, 4]]))
    >>> logits.shape, crossed[0].shape  # for each target word: every word that may follow; each head, every source word
    (torch.Size([1, 3, 7]), torch.Size([1, 2, 3, 4]))
    """

    def __init__(
        self,
        source_words: int,
        target_words: int,
        *,
        width: int = 48,
        heads: int = 4,
        layers: int = 2,
        rotary: bool = True,
        around: Around = pre_norm,
        pad: int = 0,
    ) -> None:
        super().__init__()
        positive(source_words=source_words, target_words=target_words, layers=layers)
        self.pad = pad
        self.source_word, self.target_word = nn.Embedding(source_words, width), nn.Embedding(target_words, width)
        for vectors in (self.source_word, self.target_word):
            nn.init.normal_(vectors.weight, std=0.3)
        self.encoder, self.decoder = (
            nn.ModuleList(Block(width, heads, cross=cross, rotary=rotary, around=around) for _ in range(layers))
            for cross in (False, True)
        )
        self.read_norm, self.norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.next_word = nn.Linear(width, target_words)

    def forward(
        self, source: Int64[Tensor, "b s"], target_in: Int64[Tensor, "b t"]
    ) -> tuple[Float[Tensor, "b t words"], list[Float[Tensor, "b h t s"]]]:
        """Return the logits of each next word, and the weights of the cross-attention of each block of the decoder.

        Args:
            source: The sentences to translate.
            target_in: What has been written before each step: the start, and then the words of the translation.
        """
        check_tokens(source, known=self.source_word.num_embeddings, name="source")
        check_tokens(target_in, known=self.target_word.num_embeddings, name="target_in")
        there = (source != self.pad)[:, None]  # (b, 1, s)
        read = self.source_word(source)  # (b, s, d)
        for block in self.encoder:
            read, _ = block(read, mask=there)
        read, t = self.read_norm(read), target_in.shape[1]
        x, past, crossed = self.target_word(target_in), causal_mask(t, t, like=target_in), []  # (b, t, d)
        for block in self.decoder:
            x, (_, weights) = block(x, mask=past, read=read, read_mask=there)
            crossed.append(weights)
        return self.next_word(self.norm(x)), crossed


def text_loss(model: TextModel, text: Int64[Tensor, "n"], *, count: int = 16) -> Tensor:
    """Draw pieces of a text, each as long as the context, and return how unlikely the model finds each next token.

    >>> _ = torch.manual_seed(0)
    >>> model = TextModel(3, width=8, heads=2, layers=1, context=4)
    >>> text_loss(model, torch.tensor([0, 1, 2] * 9)).shape
    torch.Size([])
    """
    n = model.context
    if len(text) <= n:
        raise ValueError(f"text has {len(text)} tokens; it must have more than the context, which has {n}")
    starts = torch.randint(len(text) - n, (count, 1))  # (b, 1)
    pieces = text[starts + torch.arange(n + 1)]  # (b, n + 1)
    logits, _ = model(pieces[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), pieces[:, 1:].flatten())


def book_model(seed: int = 0, *, steps: int = 500) -> TextModel:
    """Train a causal model of characters on the text of :mod:`attnbook.data.book_text`; it takes about half a minute.

    >>> model = book_model(steps=1)
    >>> model.context, sum(p.numel() for p in model.parameters())
    (128, 106159)
    """
    text = torch.from_numpy(encode(book_text().train))
    (model,) = train(
        lambda: TextModel(len(ALPHABET)),
        lambda model: text_loss(model, text),
        seeds=[seed],
        steps=steps,
        schedule=lambda optimiser: OneCycleLR(optimiser, 0.012, total_steps=steps),
        told="a model that writes",
    ).models
    return model


def check_tokens(tokens: Tensor, *, known: int, most: int | None = None, before: int = 0, name: str = "tokens") -> None:
    """Ask for a table of numbers of tokens that a model knows, no longer than it can read."""
    if not isinstance(tokens, Tensor):
        raise TypeError(f"{name} is a {type(tokens).__name__}; it must be a tensor: write torch.as_tensor({name})")
    if tokens.dtype != torch.int64:
        raise TypeError(f"{name} holds {tokens.dtype}; it must hold whole numbers: write {name}.long()")
    if tokens.ndim != 2 or tokens.numel() == 0:
        raise ValueError(
            f"{name} has shape {tuple(tokens.shape)}; it must have a row of at least one number for each text, "
            f"such as {name}[None, :] for one"
        )
    least, largest = int(tokens.min()), int(tokens.max())
    if least < 0 or largest >= known:
        raise ValueError(f"{name} holds {least if least < 0 else largest}, but the model knows 0 to {known - 1}")
    if most is not None and tokens.shape[1] > most:
        total = before + tokens.shape[1]
        raise ValueError(
            f"the text has {total} tokens, but the context has {before + most}: give the last {before + most} only"
        )

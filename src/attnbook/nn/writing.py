"""A model that reads tokens and says what it expects, and how it learns to write a text."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.optim.lr_scheduler import OneCycleLR

from attnbook.core.self_attention import causal_mask
from attnbook.nn.blocks import Around, Block, Cache, pre_norm
from attnbook.nn.scoring import positive
from attnbook.nn.training import train

__all__ = ["TextModel", "text_loss", "trained_on"]


class TextModel(nn.Module):
    """Read tokens, and say at each place what it expects: the next token if causal (GPT), this one if not (BERT).

    Args:
        tokens: How many there are.
        width: Numbers in a vector.
        heads: Heads in each block.
        layers: How many blocks.
        context: How many tokens it reads at most.
        causal: Whether a token sees only those before it and itself.
        rotary: See :class:`~attnbook.nn.blocks.Attention`.
        around: See :class:`~attnbook.nn.blocks.Block`.

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


def trained_on(text: Int64[Tensor, "n"], *, tokens: int, seed: int = 0, steps: int = 500) -> TextModel:
    """Train a causal model of the usual size on a text; with 500 steps it takes about half a minute.

    >>> model = trained_on(torch.arange(200) % 5, tokens=5, steps=1)
    >>> model.context, len(model.blocks)
    (128, 2)
    """
    (model,) = train(
        lambda: TextModel(tokens),
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

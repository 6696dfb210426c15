"""A recurrent encoder and decoder that translates, with one fixed vector between them or with attention."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from attnbook import core
from attnbook.nn.scoring import Additive, positive

__all__ = ["Read", "Translator"]


class Read(NamedTuple):
    """What the encoder knows after reading a batch of sentences."""

    states: Float[Tensor, "b s d"]
    """One state for each word, with what both directions have read on their way there."""
    last: Float[Tensor, "b 1 d"]
    """Where either direction has ended: the one vector that stands for the whole sentence."""
    mask: Bool[Tensor, "b 1 s"]
    """True where there is a word and not padding."""


class Translator(nn.Module):
    r"""Read a sentence with one recurrent network, write its translation with another.

    The encoder reads in both directions. Its state :math:`h_i` is what it makes of word i and of what it has read on
    the way there. The decoder's state :math:`q_t` knows what has been written, and a context :math:`o_t` tells it of
    the source: one fixed vector, or what attention reads out at this step.

    .. math::
        o_t = [\overrightarrow{h}_n; \overleftarrow{h}_1]
        \qquad \text{or} \qquad
        o_t = \sum_i \alpha_{ti} h_i \quad
        \alpha_t = \operatorname{softmax}_i \, w^\top \tanh(W_q q_t + W_k h_i + b)

    The decoder starts from the fixed vector in both cases, and the next word follows from :math:`q_t` and
    :math:`o_t`. The score is Bahdanau's; it is asked, as Luong has it, from the state that has read the word before, so
    that a known translation is scored in all its steps at once.

    Args:
        source_words: How many words there are to read.
        target_words: How many there are to write.
        width: Numbers in a word's vector and in a state; in the encoder, half of them for each direction.
        attention: Whether the decoder looks at all states of the encoder at each step.
        pad: The number of the word that fills up short sentences. It is neither read nor looked at.

    >>> model = Translator(9, 7, width=8, attention=True)
    >>> source, target_in = torch.tensor([[3, 4, 5, 0]]), torch.tensor([[1, 6, 4]])
    >>> logits, weights = model(source, target_in)
    >>> logits.shape, weights.shape  # for each target word: every word that may follow, every source word
    (torch.Size([1, 3, 7]), torch.Size([1, 3, 4]))
    >>> weights[0, :, 3].tolist()  # padding
    [0.0, 0.0, 0.0]
    """

    def __init__(self, source_words: int, target_words: int, *, width: int, attention: bool, pad: int = 0) -> None:
        super().__init__()
        positive(source_words=source_words, target_words=target_words, width=width)
        if width % 2:
            raise ValueError(f"width is {width}; it must be even, one half for each direction of the encoder")
        if not isinstance(attention, bool):
            raise TypeError(f"attention is {attention!r}; it must be True or False")
        self.pad = pad
        self.source_word = nn.Embedding(source_words, width)
        self.target_word = nn.Embedding(target_words, width)
        for vectors in (self.source_word, self.target_word):
            nn.init.normal_(vectors.weight, std=0.3)  # of length √width, they would saturate the gates from the start
        self.encoder = nn.GRU(width, width // 2, batch_first=True, bidirectional=True)
        self.start = nn.Linear(width, width)
        self.decoder = nn.GRU(width, width, batch_first=True)
        self.score = Additive(width, width, width) if attention else None
        self.combine = nn.Linear(2 * width, width)
        self.next_word = nn.Linear(width, target_words)

    def forward(
        self, source: Int64[Tensor, "b s"], target_in: Int64[Tensor, "b t"]
    ) -> tuple[Float[Tensor, "b t words"], Float[Tensor, "b t s"] | None]:
        """Return the logits of each next word, and the weights that chose the contexts (None without attention).

        Args:
            source: The sentences to translate.
            target_in: What has been written before each step: the start, and then the words of the translation.
        """
        logits, weights, _ = self.write(target_in, self.read(source))
        return logits, weights

    def read(self, source: Int64[Tensor, "b s"]) -> Read:
        """Encode a batch of sentences."""
        _numbers("source", source, self.source_word)
        there = source != self.pad  # (b, s)
        self._check_padding(there)
        vectors = self.source_word(source)  # (b, s, d)
        packed = pack_padded_sequence(vectors, there.sum(dim=1).cpu(), batch_first=True, enforce_sorted=False)
        packed_states, (ahead, back) = self.encoder(packed)  # ahead, back: (b, d/2), where each direction has ended
        states, _ = pad_packed_sequence(packed_states, batch_first=True, total_length=source.shape[1])  # (b, s, d)
        return Read(states, torch.cat([ahead, back], dim=-1)[:, None], there[:, None])

    def write(
        self, target_in: Int64[Tensor, "b t"], read: Read, state: Float[Tensor, "1 b d"] | None = None
    ) -> tuple[Float[Tensor, "b t words"], Float[Tensor, "b t s"] | None, Float[Tensor, "1 b d"]]:
        """Decode some more words; return the logits, the weights and the state to go on from.

        Args:
            target_in: The words before the ones to be chosen.
            read: What the encoder knows.
            state: Where the decoder stands; at the beginning if not given.
        """
        _numbers("target_in", target_in, self.target_word)
        if len(target_in) != len(read.states):
            raise ValueError(
                f"target_in has {len(target_in)} rows but source has {len(read.states)}: one for each sentence"
            )
        if state is None:
            state = torch.tanh(self.start(read.last)).transpose(0, 1)  # (b, 1, d) → (1, b, d)
        q, state = self.decoder(self.target_word(target_in), state.contiguous())  # (b, t, d)
        if self.score is None:
            context, weights = read.last.expand_as(q), None  # the same vector at each step
        else:
            context, weights = core.attend(self.score(q, read.states), read.states, mask=read.mask)
        both = torch.cat([q, context], dim=-1)  # (b, t, 2d)
        return self.next_word(torch.tanh(self.combine(both))), weights, state

    @torch.no_grad()
    def translate(
        self, source: Int64[Tensor, "b s"], *, start: int, end: int, most: int = 30
    ) -> tuple[Int64[Tensor, "b t"], Float[Tensor, "b t s"] | None]:
        """Write the likeliest word at each step, and go on from it; return the words and the weights.

        Args:
            source: The sentences to translate.
            start: The number that begins a translation.
            end: The number that ends one; behind it there is padding.
            most: How many words to write at most.
        """
        positive(most=most)
        known = self.target_word.num_embeddings
        for name, number in (("start", start), ("end", end)):
            if not 0 <= number < known:
                raise ValueError(f"{name} is {number}, but the model knows target words 0 to {known - 1}")
        read, state = self.read(source), None
        word = torch.full_like(source[:, :1], start)  # (b, 1)
        done = torch.zeros_like(word, dtype=torch.bool)
        words: list[Tensor] = []
        rows: list[Tensor] = []
        while len(words) < most and not bool(done.all()):
            logits, weights, state = self.write(word, read, state)
            word = logits.argmax(dim=-1)  # (b, 1)
            words.append(word.masked_fill(done, self.pad))
            if weights is not None:
                rows.append(weights)
            done = done | (word == end)
        return torch.cat(words, dim=1), torch.cat(rows, dim=1) if rows else None

    def _check_padding(self, there: Bool[Tensor, "b s"]) -> None:
        empty, hole = ~there.any(dim=1), (there[:, 1:] & ~there[:, :-1]).any(dim=1)
        if bool(empty.any()):
            raise ValueError(f"sentence {int(empty.nonzero()[0])} of source is empty: it needs at least one word")
        if bool(hole.any()):
            raise ValueError(
                f"sentence {int(hole.nonzero()[0])} of source has padding ({self.pad}) before a word: "
                "fill sentences up at their end"
            )


def _numbers(name: str, numbers: Tensor, words: nn.Embedding) -> None:
    """Ask for a table of word numbers that the model knows."""
    if not isinstance(numbers, Tensor):
        raise TypeError(f"{name} is a {type(numbers).__name__}; it must be a tensor: write torch.as_tensor({name})")
    if numbers.dtype != torch.int64:
        raise TypeError(f"{name} holds {numbers.dtype}; it must hold the numbers of words: write {name}.long()")
    if numbers.ndim != 2 or numbers.numel() == 0:
        raise ValueError(
            f"{name} has shape {tuple(numbers.shape)}; it must have a row of word numbers for each sentence, "
            f"such as {name}[None, :] for one"
        )
    known, least, most = words.num_embeddings, int(numbers.min()), int(numbers.max())
    if least < 0 or most >= known:
        raise ValueError(
            f"{name} holds word {least if least < 0 else most}, but the model knows words 0 to {known - 1}"
        )

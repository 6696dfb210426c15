"""A model that translates with a stack of blocks that read and a stack of blocks that write."""

from jaxtyping import Float, Int64
from torch import Tensor, nn

from attnbook.core.self_attention import causal_mask
from attnbook.nn.blocks import Around, Block, pre_norm
from attnbook.nn.scoring import positive
from attnbook.nn.writing import check_tokens

__all__ = ["Transformer"]


class Transformer(nn.Module):
    """Read a sentence with blocks that see all of it, write its translation with blocks that see it and the past.

    Args:
        source_words: How many words there are to read.
        target_words: How many there are to write.
        width: Numbers in a vector.
        heads: Heads in each attention.
        layers: Blocks of the encoder, and as many of the decoder.
        rotary: See :class:`~attnbook.nn.blocks.Attention`.
        around: See :class:`~attnbook.nn.blocks.Block`.
        pad: The number of the word that fills up short sentences. It is not looked at.

    >>> import torch
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

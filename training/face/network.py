"""The network: level-free spectra, a front over bands, a stem on the step grid, a causal trunk on the frame grid, and its heads."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from .features import BANDS
from .grid import SAMPLE_RATE, STEP_RATE, STEPS_PER_FRAME, WINDOW
from .phones import PHONES
from .targets import FEATURES
from .visemes import VISEMES

LEVEL_STEPS = 80
"""The loudest of the last 0.9 s is the level that spectra are measured against."""
LEVEL_FROM_BAND = 6
"""Bands above about 450 Hz make the level. Below lies the fundamental, whose strength says who speaks, not what is said: with it, all
else of a voice that has a strong one seems faint (a speaker never heard had .63 of visemes right, and .68 with a level from 300 Hz on)."""
SMOOTH_STEPS = 5
QUIETEST = -12.0
"""Log power below which a level counts as silence (about -55 dBFS): there, noise stays small."""
FRONT_AHEAD = 1
STEM_AHEAD = FRONT_AHEAD + 2
TRUNK_AHEAD = 1


def lookahead_ms() -> float:
    """Sound after the end of a frame that the frame depends on."""
    steps = STEM_AHEAD + TRUNK_AHEAD * STEPS_PER_FRAME
    return round((steps - 0.5) / STEP_RATE * 1000 + WINDOW / 2 / SAMPLE_RATE * 1000, 1)


def level_free(mel: torch.Tensor) -> torch.Tensor:
    """[b, steps, bands] spectra relative to the causal level, about -1.7..2 for speech whatever its gain."""
    power = torch.exp(mel[..., LEVEL_FROM_BAND:]).sum(2, keepdim=True).transpose(1, 2)
    smooth = functional.avg_pool1d(functional.pad(power, (SMOOTH_STEPS - 1, 0)), SMOOTH_STEPS, 1)
    held = functional.max_pool1d(functional.pad(smooth, (LEVEL_STEPS - 1, 0)), LEVEL_STEPS, 1)
    level = torch.clamp(torch.log(held + 1e-9), min=QUIETEST).transpose(1, 2)
    return (torch.clamp(mel - level, min=-11.0) + 6.0) / 3.0


class Convolution(nn.Module):
    """Padding, convolution over time, normalisation over the batch."""

    def __init__(self, inputs: int, outputs: int, before: int, after: int, dilation: int = 1) -> None:
        super().__init__()
        self.padding = (before, after)
        self.convolution = nn.Conv1d(inputs, outputs, (before + after) // dilation + 1, dilation=dilation, bias=False)
        self.normalisation = nn.BatchNorm1d(outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[b, inputs, t] to [b, outputs, t]."""
        return self.normalisation(self.convolution(functional.pad(x, self.padding)))


class Front(nn.Module):
    """Convolutions over bands and time, the same for all bands: another vocal tract moves formants up or down, and little else.

    As in Abdel-Hamid et al. 2014. Half of the bands are left after each of the two.
    """

    def __init__(self, narrow: int = 12, wide: int = 16) -> None:
        super().__init__()
        self.outputs = wide * BANDS // 4
        self.layers = nn.Sequential(
            nn.Conv2d(1, narrow, (7, 1 + 2 * FRONT_AHEAD), stride=(2, 1), padding=(3, FRONT_AHEAD), bias=False),
            nn.BatchNorm2d(narrow), nn.ReLU(),
            nn.Conv2d(narrow, wide, (5, 1), stride=(2, 1), padding=(2, 0), bias=False), nn.BatchNorm2d(wide), nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[b, bands, steps] to [b, outputs, steps]."""
        return self.layers(x[:, None]).flatten(1, 2)


class Block(nn.Module):
    """A residual block: a convolution over time, then one over channels."""

    def __init__(self, channels: int, before: int, after: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.wide = Convolution(channels, channels, before, after, dilation)
        self.dropout = nn.Dropout(dropout)
        self.mix = nn.Sequential(nn.Conv1d(channels, channels, 1, bias=False), nn.BatchNorm1d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[b, channels, t] to the same shape."""
        return functional.relu(x + self.mix(self.dropout(functional.relu(self.wide(x)))))


class Trunk(nn.Module):
    """Spectra to [b, channels, frames]: all that the heads share."""

    def __init__(self, stem: int = 96, channels: int = 192, dropout: float = 0.0) -> None:
        super().__init__()
        self.front = Front()
        self.first = Convolution(self.front.outputs, stem, 1, 1)
        self.second = Convolution(stem, stem, 1, 1)
        self.third = Convolution(stem, stem, 4, 0)
        self.down = nn.Conv1d(stem, channels, STEPS_PER_FRAME, stride=STEPS_PER_FRAME, bias=False)
        self.down_normalisation = nn.BatchNorm1d(channels)
        self.blocks = nn.Sequential(
            Block(channels, 1, TRUNK_AHEAD, 1, dropout),
            Block(channels, 2, 0, 1, dropout),
            Block(channels, 4, 0, 2, dropout),
            Block(channels, 8, 0, 4, dropout),
            Block(channels, 2, 0, 1, dropout),
        )

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        """[b, steps, bands] log-mel spectra, as `features.log_mel` gives them."""
        x = self.front(level_free(mel).transpose(1, 2))
        x = functional.relu(self.first(x))
        x = functional.relu(x + self.second(x))
        x = functional.relu(x + self.third(x))
        return self.blocks(functional.relu(self.down_normalisation(self.down(x))))


class FaceNetwork(nn.Module):
    """The trunk with its heads."""

    def __init__(self, stem: int = 96, channels: int = 192, dropout: float = 0.0) -> None:
        super().__init__()
        self.trunk = Trunk(stem, channels, dropout)
        self.features = nn.Conv1d(channels, len(FEATURES), 1)
        self.visemes = nn.Conv1d(channels, len(VISEMES), 1)
        self.phones = nn.Conv1d(channels, len(PHONES) * STEPS_PER_FRAME, 1)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of features [b, frames, FEATURES] and visemes [b, frames, VISEMES]."""
        hidden = self.trunk(mel)
        return self.features(hidden).transpose(1, 2), self.visemes(hidden).transpose(1, 2)

    def all_heads(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The same with logits of the phones of each step [b, steps, PHONES], for training."""
        hidden = self.trunk(mel)
        phones = self.phones(hidden).transpose(1, 2).unflatten(2, (STEPS_PER_FRAME, len(PHONES))).flatten(1, 2)
        return self.features(hidden).transpose(1, 2), self.visemes(hidden).transpose(1, 2), phones

"""The whole model as it is shipped: sound in, blendshapes, features and visemes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .features import FLOOR, folded_basis, mel_filters
from .grid import STEPS_PER_FRAME, WINDOW
from .network import FaceNetwork
from .readouts import Readout, matrix
from .targets import FEATURES, HARD
from .visemes import VISEMES

SHARPNESS = 3.0
"""How steeply a contact's probability is turned into lips that meet or do not."""
WITNESS = {"closure": "PP", "labiodental": "FF"}
"""The viseme that speaks for a contact, too."""


class Ears(nn.Module):
    """Sound [b, samples] to log-mel spectra [b, steps, bands], the same as `features.log_mel`.

    A window is folded about its centre first: cosines see the sum of its halves, sines the difference, and the transform
    costs half.
    """

    def __init__(self) -> None:
        super().__init__()
        cosine, sine = folded_basis()
        self.register_buffer("cosine", torch.from_numpy(cosine))
        self.register_buffer("sine", torch.from_numpy(sine))
        self.register_buffer("filters", torch.from_numpy(mel_filters()))

    def forward(self, sound: torch.Tensor) -> torch.Tensor:
        """NaN counts as silence; what is beyond full scale, infinities too, as full scale."""
        sound = torch.where(torch.isnan(sound), torch.zeros_like(sound), sound).clamp(-1.0, 1.0)
        samples = sound.shape[1]
        steps = (samples * 3 + 1599) // 1600 * STEPS_PER_FRAME
        half = WINDOW // 2
        centres = torch.div((torch.arange(steps) * 2 + 1) * 800, 9, rounding_mode="trunc")
        reach = torch.arange(half)[None, :]
        middle = centres[:, None] + half
        padded = functional.pad(sound, (half, 800))
        later, earlier = padded[:, middle + reach], padded[:, middle - reach]
        cosine, sine = (later + earlier) @ self.cosine, (later - earlier) @ self.sine
        return torch.log((cosine * cosine + sine * sine) @ self.filters + FLOOR)


class Finish(nn.Module):
    """Logits to what the model gives: contacts made crisp, visemes as probabilities, weights by the readout.

    Two heads hear a contact: its own curve, and the viseme. Their log odds are averaged: fewer contacts are heard wrongly.
    """

    def __init__(self, readout: Readout, thresholds: dict[str, float]) -> None:
        super().__init__()
        weights, bias = matrix(readout)
        self.register_buffer("weights", torch.from_numpy(weights))
        self.register_buffer("bias", torch.from_numpy(bias))
        slope = np.ones(len(FEATURES), np.float32)
        own = np.ones(len(FEATURES), np.float32)
        witness = np.zeros((len(VISEMES), len(FEATURES)), np.float32)
        shift = np.zeros(len(FEATURES), np.float32)
        for name in HARD:
            at = min(max(thresholds[name], 1e-3), 1 - 1e-3)
            slope[FEATURES.index(name)] = SHARPNESS
            own[FEATURES.index(name)] = 0.5
            witness[VISEMES.index(WITNESS[name]), FEATURES.index(name)] = 0.5
            shift[FEATURES.index(name)] = np.log(at / (1 - at))
        self.register_buffer("own", torch.from_numpy(own))
        self.register_buffer("witness", torch.from_numpy(witness))
        self.register_buffer("slope", torch.from_numpy(slope))
        self.register_buffer("shift", torch.from_numpy(shift))

    def forward(self, features: torch.Tensor, visemes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """blendshapes [b, frames, 52], features [b, frames, FEATURES], visemes [b, frames, 15]."""
        probability = torch.softmax(visemes, 2)
        odds = torch.log(probability + 1e-6) - torch.log(1 + 1e-6 - probability)
        values = torch.sigmoid((features * self.own + odds @ self.witness - self.shift) * self.slope)
        weights = (values @ self.weights + self.bias).clamp(0.0, 1.0)
        return weights, values, probability


class EmbeddedFace(nn.Module):
    """Ears, network and finish."""

    def __init__(self, network: FaceNetwork, readout: Readout, thresholds: dict[str, float]) -> None:
        super().__init__()
        self.ears, self.network, self.finish = Ears(), network, Finish(readout, thresholds)

    def forward(self, audio_waveform: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """[b, samples] at 16 kHz, 400 samples or more."""
        return self.finish(*self.network(self.ears(audio_waveform)))

    def from_mel(self, mel: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The outputs for the spectra [steps, bands] of one sound."""
        with torch.no_grad():
            out = self.finish(*self.network(torch.from_numpy(mel.astype(np.float32))[None]))
        return tuple(part[0].numpy() for part in out)  # type: ignore[return-value]

    def hear(self, sound: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The outputs for one sound."""
        with torch.no_grad():
            out = self(torch.from_numpy(np.ascontiguousarray(sound, np.float32))[None])
        return tuple(part[0].numpy() for part in out)  # type: ignore[return-value]


def load_network(path: Path) -> tuple[FaceNetwork, dict[str, object]]:
    """A trained network, ready to be used, and the facts of its training."""
    facts = torch.load(path)
    network = FaceNetwork()
    network.load_state_dict(facts.pop("weights"))
    return network.eval(), facts

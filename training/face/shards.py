"""A shard: utterances of one voice as spectra and phone tracks, one after the other, in one compressed file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .features import log_mel, loudness
from .utterance import Utterance


@dataclass
class Shard:
    """Steps of all utterances; utterance u is steps bounds[u] to bounds[u + 1]."""

    voice: str
    mel: np.ndarray
    """[steps, bands] float16, natural-log power."""
    level: np.ndarray
    """[steps] float16, decibels."""
    phone: np.ndarray
    """[steps] int8."""
    bounds: np.ndarray
    """[utterances + 1] int32."""

    @property
    def hours(self) -> float:
        """Length in hours."""
        return len(self.phone) / 90 / 3600


def shard_of(voice: str, utterances: list[Utterance]) -> Shard:
    """Analyses the utterances."""
    mels = [log_mel(utterance.sound) for utterance in utterances]
    return Shard(
        voice,
        np.concatenate(mels).astype(np.float16),
        np.concatenate([loudness(utterance.sound) for utterance in utterances]).astype(np.float16),
        np.concatenate([utterance.phone_track() for utterance in utterances]),
        np.cumsum([0] + [len(mel) for mel in mels]).astype(np.int32),
    )


def write(path: Path, shard: Shard) -> None:
    """Writes the shard so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part.npz")
    np.savez(partial, voice=shard.voice, mel=shard.mel, level=shard.level, phone=shard.phone, bounds=shard.bounds)
    partial.rename(path)


def read(path: Path) -> Shard:
    """Reads a shard."""
    with np.load(path) as file:
        return Shard(str(file["voice"]), file["mel"], file["level"], file["phone"], file["bounds"])


def read_all(folder: Path) -> list[Shard]:
    """Every shard of a folder, by name."""
    return [read(path) for path in sorted(folder.glob("*.npz")) if not path.name.endswith(".part.npz")]

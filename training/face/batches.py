"""Batches for training: streams of a voice's sentences and pauses, disturbed anew each time in their spectra."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from torch.utils.data import IterableDataset

from .coarticulation import LEAD_STEPS, gaussian, speaking
from .features import BANDS, FLOOR
from .grid import STEPS_PER_FRAME
from .shards import Shard
from .targets import CURVES, HARD, SOFT_SIGMA_S, curves
from .visemes import OF_PHONE, VISEMES

LOG_FLOOR = float(np.log(FLOOR))
_MEL = 2595 * np.log10(1 + np.array([80.0, 7600.0]) / 700)
_CENTRES = 700 * (10 ** (np.linspace(_MEL[0], _MEL[1], BANDS + 2)[1:-1] / 2595) - 1)


@dataclass
class Voice:
    """A shard ready to be drawn from."""

    shard: Shard
    curves: np.ndarray
    spectrum: np.ndarray
    """[bands] mean log power of its speech: its long-term spectrum."""
    weight: float


def voice_of(shard: Shard, weight: float = 1.0) -> Voice:
    """Prepares a shard; `weight` multiplies its share, which goes with its length."""
    mel = shard.mel.astype(np.float32)
    loud = shard.level > np.percentile(shard.level, 40)
    return Voice(shard, curves(shard), mel[loud].mean(0), weight * len(shard.phone))


@dataclass
class Batch:
    """Spectra [b, steps, bands]; per step phones; per frame visemes, soft visemes and the other curves."""

    mel: torch.Tensor
    phone: torch.Tensor
    viseme: torch.Tensor
    soft: torch.Tensor
    curves: torch.Tensor


class Batches(IterableDataset):
    """An endless source of batches; the same seed gives the same batches."""

    def __init__(self, voices: list[Voice], nonspeech: Voice, size: int, steps: int, seed: int, clean: bool = False) -> None:
        self._voices, self._nonspeech = voices, nonspeech
        self._share = np.array([voice.weight for voice in voices]) ** 0.75
        self._share /= self._share.sum()
        self._size, self._steps, self._clean = size, steps, clean
        self._chance = np.random.default_rng(seed)
        self._kernel = torch.from_numpy(gaussian(SOFT_SIGMA_S))

    def __iter__(self) -> Iterator[Batch]:
        while True:
            yield self.next()

    def next(self) -> Batch:
        """The next batch."""
        mel = np.full((self._size, self._steps, BANDS), LOG_FLOOR, np.float32)
        phone = np.zeros((self._size, self._steps), np.int64)
        curve = np.zeros((self._size, self._steps, len(CURVES)), np.float32)
        picked: list[Voice] = []
        for item in range(self._size):
            silent = self._chance.random() < 0.06
            voice = self._nonspeech if silent else self._voices[self._chance.choice(len(self._voices), p=self._share)]
            picked.append(voice)
            self._fill(voice, mel[item], phone[item], curve[item])
        spectra = torch.from_numpy(mel)
        if not self._clean:
            spectra = self._disturb(spectra, picked)
        return self._batch(spectra, torch.from_numpy(phone), torch.from_numpy(curve))

    def _batch(self, mel: torch.Tensor, phone: torch.Tensor, curve: torch.Tensor) -> Batch:
        viseme = torch.from_numpy(OF_PHONE)[phone]
        onehot = functional.one_hot(viseme, len(VISEMES)).float()
        early = torch.cat([onehot[:, LEAD_STEPS:], onehot[:, -1:].expand(-1, LEAD_STEPS, -1)], 1)
        reach = len(self._kernel) // 2
        padded = functional.pad(early.transpose(1, 2), (reach, reach), "replicate")
        soft = functional.conv1d(padded, self._kernel[None, None].expand(len(VISEMES), 1, -1), groups=len(VISEMES))
        awake = torch.from_numpy(np.stack([speaking(track) for track in phone.numpy()]).astype(np.float32))
        soft[:, 1:] *= awake[:, None]
        soft[:, 0] = 1 - soft[:, 1:].sum(1)
        frames = curve.unflatten(1, (-1, STEPS_PER_FRAME))
        out = frames.mean(2)
        for name in HARD:  # a contact seen anywhere in the frame fills the frame: a mouth has no half frames
            out[..., CURVES.index(name)] = frames[..., CURVES.index(name)].amax(2)
        middle = slice(STEPS_PER_FRAME // 2, None, STEPS_PER_FRAME)
        return Batch(mel, phone, viseme[:, middle], soft.transpose(1, 2)[:, middle], out)

    def _fill(self, voice: Voice, mel: np.ndarray, phone: np.ndarray, curve: np.ndarray) -> None:
        chance = self._chance
        at = int(chance.integers(0, 60)) if chance.random() < 0.5 else 0
        first = at == 0
        while at < self._steps:
            source = self._nonspeech if voice is not self._nonspeech and chance.random() < 0.08 else voice
            at = self._place(source, first, at, mel, phone, curve)
            first = False
            at += int(chance.integers(0, 25) if chance.random() < 0.6 else chance.integers(25, 110))

    def _place(self, voice: Voice, inside: bool, at: int, mel: np.ndarray, phone: np.ndarray, curve: np.ndarray) -> int:
        chance, shard = self._chance, voice.shard
        utterance = int(chance.integers(0, len(shard.bounds) - 1))
        begin, end = int(shard.bounds[utterance]), int(shard.bounds[utterance + 1])
        if inside:
            begin = int(chance.integers(begin, max(begin + 1, end - 60)))
        pace = float(np.exp(chance.uniform(np.log(0.85), np.log(1.2)))) if chance.random() < 0.6 else 1.0
        if self._clean:
            pace = 1.0
        count = min(int((end - begin - 1) / pace), self._steps - at)
        if voice is self._nonspeech and not inside:
            count = min(count, 120)
        if count < 8:
            return at + 8
        where = begin + pace * np.arange(count)
        low = where.astype(np.int64)
        part = (where - low)[:, None].astype(np.float32)
        high = np.minimum(low + 1, end - 1)
        mel[at:at + count] = shard.mel[low] * (1 - part) + shard.mel[high] * part
        curve[at:at + count] = voice.curves[low] * (1 - part) + voice.curves[high] * part
        phone[at:at + count] = shard.phone[np.minimum((where + 0.5).astype(np.int64), end - 1)]
        return at + count

    def _disturb(self, mel: torch.Tensor, voices: list[Voice]) -> torch.Tensor:
        chance = self._chance
        size = self._size
        bands = np.arange(BANDS)

        def rows(probability: float) -> np.ndarray:
            return (chance.random(size) < probability).astype(np.float32)

        warp = np.exp(chance.uniform(np.log(0.75), np.log(1.25), (size, 1)) * rows(0.85)[:, None])
        matrix = np.zeros((size, BANDS, BANDS), np.float32)
        for item in range(size):
            source = np.interp(_CENTRES * warp[item], _CENTRES, bands)
            low = np.minimum(source.astype(np.int64), BANDS - 2)
            matrix[item, low, bands] = 1 - (source - low)
            matrix[item, low + 1, bands] += source - low
        mel = torch.bmm(mel, torch.from_numpy(matrix))

        colour = np.zeros((size, BANDS), np.float32)
        for order in range(1, 7):
            phase = np.cos(np.pi * order * (bands + 0.5) / BANDS + chance.uniform(0, np.pi, (size, 1)))
            colour += chance.normal(0, 1.1 / order ** 0.5, (size, 1)) * phase
        colour *= rows(0.8)[:, None]
        corner = np.exp(chance.uniform(np.log(140), np.log(600), (size, 1)))
        below = 1 / (1 + (_CENTRES[None] / corner) ** chance.uniform(2, 6, (size, 1)))
        colour += rows(0.6)[:, None] * chance.uniform(-7, 5, (size, 1)) * below  # voices with a strong fundamental, microphones that hear none
        swap = rows(0.4) * chance.uniform(0.2, 1, size)
        for item in range(size):
            if swap[item]:
                other = self._voices[int(chance.integers(0, len(self._voices)))]
                difference = np.convolve(np.pad(other.spectrum - voices[item].spectrum, 2, "edge"), np.ones(5) / 5, "valid")
                colour[item] += swap[item] * difference
        narrow = rows(0.12)
        edge = chance.uniform(3000, 4000, (size, 1))
        colour -= narrow[:, None] * np.clip((_CENTRES[None] - edge) / 300, 0, 1) * chance.uniform(4, 12, (size, 1))
        colour -= narrow[:, None] * np.clip((330 - _CENTRES[None]) / 100, 0, 1) * chance.uniform(1, 5, (size, 1))
        peak = mel.flatten(1).amax(1)
        gain = torch.from_numpy(chance.uniform(-9.5, -0.5, size).astype(np.float32)) - peak
        power = torch.exp(mel + (torch.from_numpy(colour.astype(np.float32)) + gain[:, None])[:, None])

        echo = rows(0.15)
        if echo.any():
            decay = torch.from_numpy(chance.uniform(2, 9, size).astype(np.float32))
            tail = torch.exp(-torch.arange(36)[None] / decay[:, None]) * torch.from_numpy(chance.uniform(0.02, 0.15, size).astype(np.float32))[:, None]
            tail[:, 0] = 1
            tail[:, 1:] *= torch.from_numpy(echo)[:, None]
            stacked = functional.pad(power.transpose(1, 2), (35, 0)).reshape(1, size * BANDS, -1)
            kernel = tail.flip(1).repeat_interleave(BANDS, 0)[:, None]
            power = functional.conv1d(stacked, kernel, groups=size * BANDS).reshape(size, BANDS, -1).transpose(1, 2)

        noisy = rows(0.6)
        level = power.mean((1, 2)) * torch.from_numpy((10 ** (-chance.uniform(2, 45, size) / 10) * noisy).astype(np.float32))
        slope = torch.from_numpy(np.exp(-chance.uniform(-0.02, 0.14, (size, 1)) * bands + chance.normal(0, 0.3, (size, BANDS))).astype(np.float32))
        slope /= slope.mean(1, keepdim=True)
        shape = torch.linspace(1.0, 6.0, BANDS)
        flicker = torch.from_numpy(chance.standard_gamma(np.broadcast_to(shape.numpy(), power.shape)).astype(np.float32)) / shape
        noise = flicker * slope[:, None]
        babble = torch.from_numpy(rows(0.25))
        crowd = sum(power[torch.from_numpy(chance.permutation(size))].roll(int(chance.integers(0, self._steps)), 1) for _ in range(4))
        crowd = crowd / (crowd.mean((1, 2), keepdim=True) + 1e-12)
        noise = torch.where(babble[:, None, None] > 0, crowd, noise)
        return torch.log(power + level[:, None, None] * noise + FLOOR)

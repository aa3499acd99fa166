"""Vowels that are held for seconds, as in singing or hesitation: no synthesiser says them, and a mouth must stay open."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from .grid import SAMPLE_RATE
from .phones import INDEX
from .utterance import Utterance

Chance = np.random.Generator
# First three formants of an average adult, in Hz; each voice multiplies them by 0.85 to 1.25.
_FORMANTS: dict[str, tuple[float, float, float]] = {
    "i": (300, 2250, 2950), "ih": (400, 1950, 2600), "e": (430, 2100, 2650), "eh": (560, 1800, 2550), "ae": (690, 1700, 2450),
    "a": (780, 1350, 2500), "aa": (720, 1120, 2500), "ah": (620, 1230, 2500), "ax": (500, 1450, 2450), "o": (440, 850, 2450),
    "ao": (570, 870, 2450), "u": (320, 800, 2300), "ue": (300, 1750, 2200), "er": (480, 1320, 1680),
}


def held_vowel(seconds: float, chance: Chance) -> Utterance:
    """A vowel of a source of pulses or noise and three resonators, with a little vibrato, between two short silences."""
    name = str(chance.choice(list(_FORMANTS)))
    count = int(seconds * SAMPLE_RATE)
    time = np.arange(count) / SAMPLE_RATE
    drift = 1 + 0.08 * np.sin(2 * np.pi * chance.uniform(0.05, 0.5) * time + chance.uniform(0, 6))
    pitch = np.exp(chance.uniform(np.log(75), np.log(330))) * drift * (1 + chance.uniform(0, 0.02) * np.sin(2 * np.pi * 5.5 * time))
    phase = np.cumsum(pitch) / SAMPLE_RATE
    pulses = np.diff(np.floor(phase), prepend=0.0)
    breath = chance.uniform(0.005, 0.05) * chance.standard_normal(count)
    sound = lfilter([1], [1, -chance.uniform(0.85, 0.97)], pulses) + breath
    size = chance.uniform(0.85, 1.25)
    for formant, width in zip(_FORMANTS[name], (70, 100, 150)):
        radius = np.exp(-np.pi * width / SAMPLE_RATE)
        sound = lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * formant * size / SAMPLE_RATE), radius ** 2], sound)
    sound = np.diff(sound, prepend=0.0)  # the lips radiate
    rise = chance.uniform(0.02, 0.15)
    sound *= np.minimum(1, np.minimum(time, seconds - time) / rise) * (1 + chance.uniform(0, 0.3) * np.sin(2 * np.pi * 0.7 * time))
    sound *= 0.5 / (np.abs(sound).max() + 1e-9)
    pause = int(0.3 * SAMPLE_RATE)
    padded = np.pad(sound, pause).astype(np.float32)
    return Utterance(padded, [(INDEX[name], 0.3, 0.3 + seconds)])

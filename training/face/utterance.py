"""A spoken utterance with its phones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .grid import SAMPLE_RATE, STEPS_PER_FRAME, frame_count, step_centre
from .phones import INDEX, SILENCE, VOICELESS_STOPS

Segment = tuple[int, float, float]
"""A phone class with its start and end in seconds."""


@dataclass
class Utterance:
    """16 kHz mono sound in -1..1 and what is said in it, in order and without overlaps."""

    sound: np.ndarray
    segments: list[Segment]

    def phone_track(self) -> np.ndarray:
        """[steps] the phone class at the centre of each step; silence where nothing is said."""
        steps = STEPS_PER_FRAME * frame_count(len(self.sound))
        track = np.full(steps, SILENCE, np.int8)
        times = np.array([step_centre(step) for step in range(steps)]) / SAMPLE_RATE
        for phone, start, end in self.segments:
            track[np.searchsorted(times, start):np.searchsorted(times, end)] = phone
        return track


def spread_over(names: list[str], start: float, end: float) -> list[Segment]:
    """Segments of one synthesiser's phone that stands for several classes: the first one gets the larger part."""
    if len(names) < 2:
        return [(INDEX[name], start, end) for name in names]
    middle = start + (end - start) * 0.6
    return [(INDEX[names[0]], start, middle)] + spread_over(names[1:], middle, end)


def close_before_burst(segments: list[Segment], sound: np.ndarray, longest: float = 0.12) -> list[Segment]:
    """Gives voiceless stops their closure.

    espeak-ng names a voiceless stop at its burst and leaves the silence of the closure to the phone before; a mouth
    must be shut in that silence. After a pause the closure is set to 70 ms.
    """
    hop = SAMPLE_RATE // 200
    count = len(sound) // hop
    level = np.sqrt((sound[:count * hop].reshape(count, hop) ** 2).mean(1) + 1e-12)
    quiet = 0.06 * np.percentile(level, 90)
    out = list(segments)
    for index, (phone, start, end) in enumerate(out):
        if phone not in VOICELESS_STOPS:
            continue
        earlier = start
        if index and out[index - 1][0] != SILENCE:
            limit = max(start - longest, out[index - 1][1] + 0.02)
            while earlier - 0.005 > limit and level[min(count - 1, int((earlier - 0.005) * 200))] < quiet:
                earlier -= 0.005
        else:
            earlier = max(0.0, start - 0.07)
        if index and out[index - 1][2] > earlier:
            out[index - 1] = (out[index - 1][0], out[index - 1][1], max(out[index - 1][1], earlier))
        out[index] = (phone, earlier, end)
    return out

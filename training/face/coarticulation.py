"""From phones to what a mouth does: the explicit model whose curves the network learns to hear.

Cohen and Massaro's dominance functions blend the targets of neighbouring phones; lips that meet (p b m) or touch the
teeth (f v) are kept apart as hard events, as JALI asks. The curves lead the sound by LEAD_S: measured on the full-size
model, the mouth is some 40 ms ahead of the phones.
"""

from __future__ import annotations

import numpy as np

from .grid import STEP_RATE
from .phones import BILABIALS, INDEX, SILENCE
from .visemes import ARTICULATORS, OF_PHONE, TARGET, VISEMES

LEAD_S = 0.07
LEAD_STEPS = round(LEAD_S * STEP_RATE)
JAW_LEAD_STEPS = round(0.08 * STEP_RATE)
CONTACT_LEAD_S = 0.03
"""Lips have met by so much before a stop is heard."""
READY_S, RELAX_S = 0.12, 0.14
"""So long before the first sound after a pause a mouth leaves its rest, and so long after the last one it is back."""
EFFORT_RANGE_DB = 45.0
"""From the loudest vowels to the faintest consonants: those too are speech, and keep the full-size model's lips apart."""
LABIODENTALS = frozenset({INDEX["f"], INDEX["v"]})

# 1/e half widths in ms before and after the phone, and the weight in each group: jaw, aperture, rounding, spread.
_DOMINANCE: dict[str, tuple[float, float, tuple[float, float, float, float]]] = {
    "PP": (55, 45, (.5, 1.6, .2, .2)), "FF": (60, 50, (.5, 1.3, .2, .2)), "SS": (80, 80, (.9, .7, .2, .6)),
    "CH": (80, 80, (.9, .7, 1.2, .6)), "TH": (60, 60, (.4, .35, .1, .1)), "DD": (60, 60, (.4, .35, .1, .1)),
    "nn": (60, 60, (.4, .35, .1, .1)), "kk": (70, 70, (.3, .2, .05, .05)), "RR": (110, 90, (.4, .4, .8, .1)),
    "aa": (110, 110, (1.0, .9, .3, .5)), "E": (110, 110, (1.0, .9, .3, .5)), "I": (100, 100, (.7, .7, .3, .9)),
    "O": (160, 120, (.8, .8, 1.2, .1)), "U": (160, 120, (.8, .8, 1.2, .1)), "sil": (120, 180, (.5, .5, .4, .4)),
}
_BEFORE = np.array([_DOMINANCE[name][0] for name in VISEMES]) / 1000 * STEP_RATE
_AFTER = np.array([_DOMINANCE[name][1] for name in VISEMES]) / 1000 * STEP_RATE
_WEIGHT = np.array([_DOMINANCE[name][2] for name in VISEMES])


def runs(track: np.ndarray) -> list[tuple[int, int, int]]:
    """The track as (value, first step, step after the last)."""
    if len(track) == 0:
        return []
    edges = np.flatnonzero(np.diff(track)) + 1
    starts = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [len(track)]])
    return [(int(track[start]), int(start), int(end)) for start, end in zip(starts, ends)]


def articulation(track: np.ndarray) -> np.ndarray:
    """[steps, articulators] blended targets of a phone track, LEAD_S early, the jaw a little more."""
    parts = runs(track)
    phones = np.array([phone for phone, _, _ in parts])
    start = np.array([begin for _, begin, _ in parts], np.float32)[:, None]
    end = np.array([finish for _, _, finish in parts], np.float32)[:, None]
    visemes = OF_PHONE[phones]
    now = np.arange(len(track), dtype=np.float32)[None, :]

    def distances(lead: int) -> tuple[np.ndarray, np.ndarray]:
        return np.maximum(start - now - lead, 0), np.maximum(now + lead - end + 1, 0)

    def nearness(before: np.ndarray, after: np.ndarray) -> np.ndarray:
        return np.exp(-before / _BEFORE[visemes][:, None] - after / _AFTER[visemes][:, None])

    before, after = distances(LEAD_STEPS)
    near, of_jaw = nearness(before, after), nearness(*distances(JAW_LEAD_STEPS))
    tight = np.exp(-(before + after) / (0.05 * STEP_RATE))
    weight = _WEIGHT[visemes]
    target = TARGET[phones]
    out = np.empty((len(track), len(ARTICULATORS)), np.float32)
    for index, group in enumerate((0, 1, 2, 3, None, None)):
        dominance = tight if group is None else (of_jaw if group == 0 else near) * weight[:, group][:, None]
        out[:, index] = target[:, index] @ dominance / (dominance.sum(0) + 1e-6)
    return out


def contact(track: np.ndarray, members: frozenset[int]) -> np.ndarray:
    """[steps] 1 while the lips of these phones touch: from CONTACT_LEAD_S before to 20 ms before their end, 60 ms flanks."""
    out = np.zeros(len(track), np.float32)
    step = np.arange(len(track), dtype=np.float32)
    merged = np.isin(track, list(members)).astype(np.int8)
    flank = 0.06 * STEP_RATE
    for value, begin, finish in runs(merged):
        if not value:
            continue
        first, last = begin - CONTACT_LEAD_S * STEP_RATE, finish - 1 - 0.02 * STEP_RATE
        if last < first:
            first = last = (begin + finish - 1) / 2
        outside = np.maximum(np.maximum(first - step, step - last), 0)
        out = np.maximum(out, 0.5 + 0.5 * np.cos(np.pi * np.minimum(outside / flank, 1)))
    return out


def speaking(track: np.ndarray) -> np.ndarray:
    """[steps] 1 where something is said, just was or is about to be, 0 in pauses: there a mouth rests, whatever is heard."""
    said = (track != SILENCE).astype(np.int32)
    ahead, behind = round(READY_S * STEP_RATE), round(RELAX_S * STEP_RATE)
    total = np.concatenate([[0], np.cumsum(np.pad(said, (behind, ahead)))])
    near = (total[ahead + behind + 1:] - total[:-ahead - behind - 1] > 0).astype(np.float32)
    width = 7
    return np.convolve(np.pad(near, width // 2, "edge"), np.ones(width, np.float32) / width, "valid")


def closure(track: np.ndarray) -> np.ndarray:
    """[steps] lips that meet."""
    return contact(track, BILABIALS)


def labiodental(track: np.ndarray) -> np.ndarray:
    """[steps] the lower lip at the teeth."""
    return contact(track, LABIODENTALS)


def gaussian(sigma_s: float) -> np.ndarray:
    """A normalised Gaussian kernel on the step grid, of odd length."""
    sigma = sigma_s * STEP_RATE
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return (kernel / kernel.sum()).astype(np.float32)


def earlier(curve: np.ndarray, seconds: float) -> np.ndarray:
    """The curve `seconds` ahead of time; its last value is held."""
    steps = min(round(seconds * STEP_RATE), max(0, len(curve) - 1))
    return np.concatenate([curve[steps:], np.repeat(curve[-1:], steps, 0)]) if steps else curve


def effort(level: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """[steps] vocal effort 0..1: EFFORT_RANGE_DB below the utterance's loud parts to those, smoothed over 50 ms."""
    out = np.zeros(len(level), np.float32)
    kernel = gaussian(0.05)
    for begin, end in zip(bounds[:-1], bounds[1:]):
        part = level[begin:end].astype(np.float32)
        loud = np.percentile(part, 95)
        relative = np.clip((part - loud) / EFFORT_RANGE_DB + 1, 0, 1.15)
        out[begin:end] = np.convolve(relative, kernel, "same")[:end - begin] if end - begin >= len(kernel) else relative
    return np.minimum(out, 1)

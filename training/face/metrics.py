"""The measures of lipsync: correlation, lead, closures, leakage. Tracks are [frames, 52] at 30 frames a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .blendshapes import MOUTH, columns
from .coarticulation import runs
from .grid import FPS


def channel(track: np.ndarray, name: str) -> np.ndarray:
    """[frames] a channel of a track, the mean of its sides."""
    return track[:, columns(name)].mean(1)


def aperture(track: np.ndarray) -> np.ndarray:
    """[frames] how far the lips are apart: jawOpen + LowerDown / 2 + UpperUp / 4 - mouthClose / 2."""
    return (channel(track, "jawOpen") + 0.5 * channel(track, "mouthLowerDown") + 0.25 * channel(track, "mouthUpperUp")
            - 0.5 * channel(track, "mouthClose"))


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's r; 0 where either stands still."""
    if a.std() < 1e-9 or b.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def mouth_correlations(track: np.ndarray, reference: np.ndarray) -> dict[str, float]:
    """r of each mouth channel at zero lag."""
    count = min(len(track), len(reference))
    return {name: correlation(channel(track[:count], name), channel(reference[:count], name)) for name in MOUTH}


def lead_ms(curve: np.ndarray, envelope: np.ndarray, reach: int = 8) -> float:
    """By how much the curve is ahead of the envelope, in ms: the lag of the best r, refined by a parabola."""
    count = min(len(curve), len(envelope))
    curve, envelope = curve[:count], envelope[:count]
    scores = []
    for lag in range(-reach, reach + 1):
        a = curve[max(0, -lag):count - max(0, lag)]
        b = envelope[max(0, lag):count - max(0, -lag)]
        scores.append(correlation(a, b))
    best = int(np.argmax(scores))
    shift = 0.0
    if 0 < best < len(scores) - 1:
        left, middle, right = scores[best - 1:best + 2]
        shift = 0.5 * (left - right) / (left - 2 * middle + right - 1e-12)
    return (best - reach + shift) * 1000 / FPS


@dataclass
class Closures:
    """Counts of bilabials and of closures seen, to be added up over utterances."""

    said: int = 0
    met: int = 0
    seen: int = 0
    right: int = 0

    def add(self, low: np.ndarray, said: list[tuple[float, float]], silent: np.ndarray) -> None:
        """Counts an utterance: `low` frames with lips together, bilabials as (start, end) in seconds, `silent` frames."""
        slack = 0.04
        windows = [(start - slack, end + slack) for start, end in said]
        centres = (np.arange(len(low)) + 0.5) / FPS
        half = 0.5 / FPS
        for start, end in windows:
            inside = (centres + half > start) & (centres - half < end)
            self.said += 1
            self.met += bool((low & inside).any())
        for value, begin, finish in runs(low.astype(np.int8)):
            if not value or silent[max(0, begin - 1):finish + 1].any():
                continue
            self.seen += 1
            self.right += any(begin / FPS < end and finish / FPS > start for start, end in windows)

    @property
    def recall(self) -> float:
        """Share of the bilabials at which the lips met."""
        return self.met / max(1, self.said)

    @property
    def precision(self) -> float:
        """Share of the closures outside silence that were bilabials."""
        return self.right / max(1, self.seen)


def frame_rms(sound: np.ndarray, frames: int) -> np.ndarray:
    """[frames] RMS of each frame's sound."""
    edges = np.minimum((np.arange(frames + 1) * 1600) // 3, len(sound))
    total = np.concatenate([[0.0], np.cumsum(np.asarray(sound, np.float64) ** 2)])
    return np.sqrt((total[edges[1:]] - total[edges[:-1]]) / np.maximum(1, edges[1:] - edges[:-1]))


def leakage(track: np.ndarray, rms: np.ndarray, quiet_db: float = -50, after_frames: int = 8) -> float:
    """Mean aperture in frames that have been below `quiet_db` for more than 250 ms; 0 where there are none."""
    quiet = 20 * np.log10(rms + 1e-9) < quiet_db
    long = np.zeros(len(quiet), bool)
    for value, begin, finish in runs(quiet.astype(np.int8)):
        if value and finish - begin > after_frames:
            long[begin + after_frames:finish] = True
    return float(np.abs(aperture(track))[long].mean()) if long.any() else 0.0

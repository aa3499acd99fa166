"""The curves that the network learns, by name: soft visemes, articulators, contacts and effort."""

from __future__ import annotations

import numpy as np

from . import coarticulation
from .shards import Shard
from .visemes import ARTICULATORS, VISEMES

SOFT_SIGMA_S = 0.08
"""Smoothing of the viseme activations: what was measured between the full-size model's mouth and the phones."""
JAW_LEAD_S = 0.11
LIP_LEAD_S = 0.08
"""How far jaw and lips lead the loudness: 67-100 ms and 0-67 ms in the full-size model."""

SOFT = tuple(VISEMES)
CURVES = (*ARTICULATORS, "closure", "labiodental", "effort", "loudness", "jawEffort", "apertureEffort")
FEATURES: tuple[str, ...] = (*SOFT, *CURVES)
"""Names of the model's `features`, in order."""
HARD = ("closure", "labiodental")


def curves(shard: Shard) -> np.ndarray:
    """[steps, CURVES] float16 targets of a shard but for the soft visemes, which `batches.py` smooths as it goes."""
    effort = coarticulation.effort(shard.level, shard.bounds)
    out = np.zeros((len(shard.phone), len(CURVES)), np.float16)
    for begin, end in zip(shard.bounds[:-1], shard.bounds[1:]):
        track = shard.phone[begin:end]
        awake = coarticulation.speaking(track)
        jaw_effort = coarticulation.earlier(effort[begin:end], JAW_LEAD_S) * awake
        lip_effort = coarticulation.earlier(effort[begin:end], LIP_LEAD_S) * awake
        shape = coarticulation.articulation(track)
        out[begin:end] = np.column_stack([
            shape, coarticulation.closure(track), coarticulation.labiodental(track), jaw_effort, lip_effort,
            shape[:, 0] * jaw_effort, shape[:, 1] * lip_effort,
        ])
    return out

"""Closures of the lips against the bilabials that were said, and the threshold of a contact that follows from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from . import metrics, shards
from .coarticulation import runs
from .embedded import Finish
from .grid import STEP_RATE, STEPS_PER_FRAME
from .network import FaceNetwork
from .phones import BILABIALS, SILENCE
from .readouts import Readout
from .shards import Shard

CLOSED = 0.2
"""Lips count as together below this part of the voice's 90th percentile of aperture."""
WANTED = {"real-ivrvoice-ru": 0.81, "espeak-en-gb-scotland-902": 0.91}
"""The recall of bilabials asked of two held-out voices, by shard: .8 of real and .9 of synthetic speech, as the product asks, and .01 to spare."""
_TRIED = np.arange(0.7, 0.09, -0.05)


def at_frames(phone: np.ndarray) -> np.ndarray:
    """[frames] the phone in the middle of each frame, of a track of steps."""
    return phone[STEPS_PER_FRAME // 2::STEPS_PER_FRAME]


def closures(openings: list[np.ndarray], phones: list[np.ndarray]) -> metrics.Closures:
    """Counts over utterances: the aperture of their frames, the phones of their steps."""
    spoken = np.concatenate([opening[at_frames(phone) != SILENCE] for opening, phone in zip(openings, phones)])
    limit = CLOSED * np.percentile(spoken, 90)
    out = metrics.Closures()
    for opening, phone in zip(openings, phones):
        said = runs(np.isin(phone, list(BILABIALS)).astype(np.int8))
        out.add(opening < limit, [(start / STEP_RATE, end / STEP_RATE) for value, start, end in said if value], at_frames(phone) == SILENCE)
    return out


def threshold(network: FaceNetwork, readout: Readout, folder: Path, labiodental: float) -> float:
    """The highest threshold of a closure, so the least closing, at which the voices of WANTED have the recall asked of them.

    Voices that are not in the folder ask for nothing; where it cannot be had, the lowest threshold tried.
    """
    voices: list[tuple[Shard, float]] = [
        (shards.read(folder / f"{name}.npz"), wanted) for name, wanted in WANTED.items() if (folder / f"{name}.npz").exists()
    ]
    heard = []
    with torch.no_grad():
        for shard, wanted in voices:
            parts = list(zip(shard.bounds[:-1], shard.bounds[1:]))
            logits = [network(torch.from_numpy(shard.mel[begin:end].astype(np.float32))[None]) for begin, end in parts]
            heard.append((logits, [shard.phone[begin:end] for begin, end in parts], wanted))
        for value in _TRIED:
            finish = Finish(readout, {"closure": float(value), "labiodental": labiodental})
            recalls = [
                (closures([metrics.aperture(finish(*pair)[0][0].numpy()) for pair in logits], phones).recall, wanted)
                for logits, phones, wanted in heard
            ]
            if all(recall >= wanted for recall, wanted in recalls):
                break
    return round(float(value), 2)

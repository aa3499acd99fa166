"""Aligns the recordings and makes their shards: `python3 -m face.align --weights FILE --work DIR`."""

from __future__ import annotations

import argparse
import os
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch

from . import shards
from .alignment import align, log_posteriors
from .augmentation import disturb, speed
from .coarticulation import runs
from .embedded import load_network
from .espeak import Espeak
from .grid import STEP_RATE
from .phones import PHONES
from .recordings import SPEAKERS, Recording, Speaker, SyllableSpeaker, librivox
from .utterance import Utterance

POOREST = 0.12
"""Share of a speaker's prompts left out: those where text and sound agree least."""
PASSES = ((100, False), (93, False), (107, False), (87, True), (100, True), (103, True), (114, True))
"""Times that each recording is trained on: at what percentage of its speed, and whether strangers say it."""


def prior(folder: Path) -> np.ndarray:
    """How frequent each phone class is in the corpus."""
    counts = np.ones(len(PHONES))
    for path in sorted(folder.glob("*.npz"))[:60]:
        counts += np.bincount(shards.read(path).phone, minlength=len(PHONES))
    return counts / counts.sum()


def _recordings(speaker: Speaker | SyllableSpeaker) -> list[Recording]:
    return speaker.recordings()


def decode(work: Path) -> dict[str, list[Recording]]:
    """All recordings by speaker; decoded once and kept."""
    kept = work / "recordings.npz"
    if not kept.exists():
        with Pool(2) as pool:
            found = pool.map(_recordings, SPEAKERS, chunksize=1)
        np.savez(kept, **{f"{speaker.name}/{i:04d}/{r.text}": (r.sound * 32767).astype(np.int16)
                          for speaker, part in zip(SPEAKERS, found) for i, r in enumerate(part)})
    out: dict[str, list[Recording]] = {"librivox": librivox()}
    with np.load(kept) as file:
        for key in file.files:
            name, _, text = key.split("/", 2)
            out.setdefault(name, []).append(Recording(file[key].astype(np.float32) / 32768, text))
    return out


def utterances(recordings: list[Recording], words: list[list[list[str]]], weights: Path, priors: np.ndarray) -> list[Utterance]:
    """The recordings whose text fits, with their phones."""
    network, _ = load_network(weights)
    found: list[tuple[float, Utterance]] = []
    for recording, said in zip(recordings, words):
        alignment = align(log_posteriors(network, recording.sound), said, priors)
        if alignment is None:
            continue
        segments = [(phone, start / STEP_RATE, end / STEP_RATE) for phone, start, end in runs(alignment.track)]
        found.append((alignment.score, Utterance(recording.sound, segments)))
    worst = np.quantile([score for score, _ in found], POOREST)
    print(f"{len(found)} of {len(recordings)} fit, mean agreement {np.mean([score for score, _ in found]):.2f}", flush=True)
    return [utterance for score, utterance in found if score >= worst]


_held: list[Utterance] = []


def _hold(utterances: list[Utterance]) -> None:
    _held[:] = utterances


def _make_pass(task: tuple[int, bool, str, Path, int]) -> None:
    pace, strange, name, path, seed = task
    chance = np.random.default_rng(seed)
    keep = 0.85 if (pace, strange) == (100, False) else 0.5
    moved = [disturb(utterance if pace == 100 else speed(utterance, pace), chance, keep, float(strange)) for utterance in _held]
    shards.write(path, shards.shard_of(name, moved))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, help="prompts of each speaker, for a trial")
    options = parser.parse_args()
    torch.set_num_threads(2)
    spoken = decode(options.work)
    espeak = Espeak()
    priors = prior(options.work / "synthetic")
    speakers = {speaker.name: speaker for speaker in SPEAKERS}
    held_out = {speaker.name for speaker in SPEAKERS if speaker.heldout} | {"librivox"}
    for name, recordings in spoken.items():
        part = recordings[:options.limit]
        said = [speakers[name].words(r.text, espeak) if name in speakers else espeak.transcribe(r.text, "en-us") for r in part]
        print(name, end=": ")
        fitting = utterances(part, said, options.weights, priors)
        if name in held_out:
            shards.write(options.work / "heldout" / f"real-{name}.npz", shards.shard_of(name, fitting))
            continue
        tasks = [
            (pace, strange, name, options.work / "real" / f"{name}-{index}.npz", options.seed * 1000 + index)
            for index, (pace, strange) in enumerate(PASSES)
        ]
        with Pool(2, _hold, (fitting,)) as pool:  # forked: the utterances are not copied
            pool.map(_make_pass, tasks, chunksize=1)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    main()

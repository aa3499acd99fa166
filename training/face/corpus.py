"""Makes the synthetic corpus: `python3 -m face.corpus --work DIR [--size 1]`."""

from __future__ import annotations

import argparse
import random
import time
import zlib
from dataclasses import replace
from functools import lru_cache
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from . import festival, nonspeech, shards
from .augmentation import disturb
from .espeak import Espeak, Style
from .sentences import sentence
from .sustained import held_vowel
from .utterance import Utterance
from .voices import HELD_OUT, Job, jobs

HELD_OUT_TEXT = 8
"""One sentence in so many is kept for the voices that are held out."""


def texts(job: Job, chance: random.Random) -> list[str]:
    """The job's sentences; held-out voices say what no other voice says."""
    out: list[str] = []
    for _ in range(job.count * HELD_OUT_TEXT * 8):
        text = sentence(job.language, chance)
        if (zlib.crc32(text.encode()) % HELD_OUT_TEXT == 0) == job.heldout:
            out.append(text)
        if len(out) == job.count:
            break
    return out


@lru_cache(maxsize=1)
def _espeak() -> Espeak:
    return Espeak()


def speak(job: Job) -> list[Utterance]:
    """The job's sentences, spoken."""
    chance = random.Random(job.seed)
    lines = texts(job, chance)
    if job.engine == "flite":
        spoken = [festival.flite(job.voice, line, chance.uniform(0.85, 1.25)) for line in lines]
    elif job.engine == "festival":
        spoken = []
        for begin in range(0, len(lines), 30):
            spoken += festival.festival(job.voice, lines[begin:begin + 30], chance.uniform(0.75, 1.15))
    else:
        spoken = [
            _espeak().speak(line, Style(job.voice, chance.randint(125, 230), chance.randint(15, 85), chance.randint(20, 90)))
            for line in lines
        ]
    return [utterance for utterance in spoken if utterance and 0.4 < len(utterance.sound) / 16000 < 25]


def make(task: tuple[Job, str]) -> str:
    """Makes one shard, unless it is there."""
    job, folder = task
    path = Path(folder) / f"{job.name}.npz"
    if path.exists():
        return f"{job.name}: kept"
    chance = np.random.default_rng(job.seed)
    utterances = speak(job)
    if not utterances:
        return f"{job.name}: nothing spoken"
    if not job.heldout:
        stranger = 0.15 if job.engine == "espeak" else 0.6
        utterances = [disturb(utterance, chance, 0.45, stranger) for utterance in utterances]
    shard = shards.shard_of(job.voice, utterances)
    shards.write(path, shard)
    return f"{job.name}: {shard.hours * 60:.1f} min"


def make_nonspeech(folder: Path, seed: int, count: int) -> None:
    """Makes the shard of sound that nobody speaks."""
    chance = np.random.default_rng(seed)
    sounds = [Utterance(nonspeech.anything(chance.uniform(1, 6), chance), []) for _ in range(count)]
    shards.write(folder / "nonspeech.npz", shards.shard_of("nonspeech", sounds))


def make_held_vowels(folder: Path, seed: int, count: int) -> None:
    """Makes the shard of held vowels."""
    chance = np.random.default_rng(seed)
    vowels = [held_vowel(chance.uniform(0.5, 7), chance) for _ in range(count)]
    shards.write(folder / "sustained.npz", shards.shard_of("sustained", vowels))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--size", type=float, default=1.0, help="1 for the full corpus")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    make_nonspeech(options.work / "nonspeech", options.seed, max(10, round(500 * options.size)))
    make_held_vowels(options.work / "synthetic", options.seed, max(4, round(240 * options.size)))
    held_out = [replace(job, count=max(4, round(job.count * min(1, options.size * 2)))) for job in HELD_OUT]
    tasks = [(job, str(options.work / "heldout")) for job in held_out]
    tasks += [(job, str(options.work / "synthetic")) for job in jobs(options.seed, options.size)]
    with Pool(2) as pool:
        for done, line in enumerate(pool.imap_unordered(make, tasks, chunksize=1), 1):
            print(f"[{time.monotonic() - began:5.0f} s] {done}/{len(tasks)} {line}", flush=True)


if __name__ == "__main__":
    main()

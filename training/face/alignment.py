"""Forced alignment: when each phone of a known text is said, by a network trained on synthetic speech.

Viterbi over espeak-ng's phones of the text, with pauses allowed between words, on the phone posteriors of each step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .features import log_mel
from .network import FaceNetwork
from .phones import INDEX, SILENCE, VOWELS

_PRIOR_WEIGHT = 0.4
"""How much of the classes' priors is divided out of the posteriors: rare phones would lose to frequent ones."""
_IMPOSSIBLE = np.float32(-1e9)


@dataclass
class Alignment:
    """The phone of each step, and the mean log posterior of it: how well text and sound agree."""

    track: np.ndarray
    score: float


def log_posteriors(network: FaceNetwork, sound: np.ndarray) -> np.ndarray:
    """[steps, PHONES] log posteriors."""
    with torch.no_grad():
        logits = network.all_heads(torch.from_numpy(log_mel(sound))[None])[2][0]
    return torch.log_softmax(logits, 1).numpy()


def _states(words: list[list[str]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Phones of the states, the state each one may be entered from by leaving a pause out (-1: none), ends allowed."""
    phones: list[int] = [SILENCE]
    skip: list[int] = [-1]
    for word in words:
        for position, name in enumerate(word):
            count = 3 if INDEX[name] in VOWELS else 2
            for part in range(count):
                jump = position == 0 and part == 0 and len(phones) > 1
                skip.append(len(phones) - 2 if jump else -1)
                phones.append(INDEX[name])
        phones.append(SILENCE)
        skip.append(-1)
    return np.array(phones), np.array(skip), np.array([len(phones) - 1, len(phones) - 2])


def align(posteriors: np.ndarray, words: list[list[str]], prior: np.ndarray) -> Alignment | None:
    """The best path; None where the text does not fit into the sound."""
    phones, skip, ends = _states(words)
    steps, count = len(posteriors), len(phones)
    if not words or steps < count:
        return None
    emit = (posteriors - _PRIOR_WEIGHT * np.log(prior))[:, phones]
    loops = np.ones(count, bool)  # only the last part of a phone may last
    loops[:-1] = (phones[1:] != phones[:-1]) | (phones[:-1] == SILENCE)
    score = np.full(count, _IMPOSSIBLE, np.float32)
    score[0] = emit[0, 0]
    score[1] = emit[0, 1]
    back = np.zeros((steps, count), np.int32)
    index = np.arange(count)
    can_skip = skip >= 0
    for step in range(1, steps):
        stay = np.where(loops, score, _IMPOSSIBLE)
        enter = np.concatenate([[_IMPOSSIBLE], score[:-1]])
        leap = np.where(can_skip, score[skip], _IMPOSSIBLE)
        best = np.maximum(np.maximum(stay, enter), leap)
        back[step] = np.where(best == stay, index, np.where(best == enter, index - 1, skip))
        score = best + emit[step]
    state = int(ends[np.argmax(score[ends])])
    if score[state] < _IMPOSSIBLE / 2:
        return None
    track = np.empty(steps, np.int8)
    for step in range(steps - 1, -1, -1):
        track[step] = phones[state]
        state = int(back[step, state])
    speech = track != SILENCE
    agreement = posteriors[np.arange(steps), track]
    return Alignment(track, float(agreement[speech].mean()) if speech.any() else -99.0)

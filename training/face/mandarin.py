"""A Mandarin speaker's syllables, from Debian's gcin-voice, and what phones their zhuyin spelling stands for."""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.io import wavfile

from .grid import SAMPLE_RATE

_FOLDER = Path("/usr/share/gcin-voice/ogg")
_INITIALS = dict(zip("ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄙ", "p p m f t t n l k k x ch ch sh ch ch sh zh s".split())) | {"ㄗ": "t s", "ㄘ": "t s"}
_GLIDES = {"ㄧ": "y", "ㄨ": "w", "ㄩ": "w"}
_FINALS = {
    "": "ih", "ㄧ": "i", "ㄨ": "u", "ㄩ": "ue", "ㄚ": "a", "ㄛ": "o", "ㄜ": "ah", "ㄝ": "eh", "ㄞ": "a ih", "ㄟ": "e ih", "ㄠ": "a uh", "ㄡ": "o uh",
    "ㄢ": "a n", "ㄣ": "ax n", "ㄤ": "aa ng", "ㄥ": "ax ng", "ㄦ": "aa er", "ㄧㄢ": "y eh n", "ㄧㄣ": "i n", "ㄧㄥ": "i ng",
    "ㄨㄥ": "u ng", "ㄩㄣ": "ue n", "ㄩㄥ": "y u ng", "ㄩㄢ": "w eh n",
}


def phones_of(zhuyin: str) -> list[str]:
    """The phone classes of a syllable as "ㄊㄢ3"; KeyError where it is no syllable."""
    letters = re.sub(r"[^\u3105-\u3129]", "", zhuyin)
    start = _INITIALS.get(letters[:1], "")
    rest = letters[1:] if start else letters
    if not start and not rest:
        raise KeyError(zhuyin)
    end = _FINALS[rest] if rest in _FINALS else f"{_GLIDES[rest[0]]} {_FINALS[rest[1:]]}"
    return f"{start} {end}".split()


def decode(paths: list[Path]) -> list[np.ndarray]:
    """Ogg files as 16 kHz sounds, many through one ffmpeg."""
    out: list[np.ndarray] = []
    for begin in range(0, len(paths), 50):
        part = paths[begin:begin + 50]
        with tempfile.TemporaryDirectory() as folder:
            command = ["ffmpeg", "-v", "error", "-threads", "1"]
            for path in part:
                command += ["-i", str(path)]
            for index in range(len(part)):
                command += ["-map", f"{index}:a", "-ar", str(SAMPLE_RATE), "-ac", "1", "-c:a", "pcm_s16le", f"{folder}/{index}.wav"]
            subprocess.run(command, check=True, capture_output=True)
            out += [wavfile.read(f"{folder}/{index}.wav")[1].astype(np.float32) / 32768 for index in range(len(part))]
    return out


def _trim(sound: np.ndarray) -> np.ndarray:
    level = np.convolve(sound ** 2, np.ones(320) / 320, "same")
    loud = np.flatnonzero(level > 3e-4 * level.max())
    return sound[max(0, loud[0] - 800):loud[-1] + 800] if len(loud) else sound


@dataclass(frozen=True)
class Line:
    """Syllables one after the other, and their spelling."""

    sound: np.ndarray
    text: str


def lines(file: str, seed: int = 1, per_line: int = 6) -> list[Line]:
    """All syllables of a speaker (`file` is what each syllable's recording is called), in a chance order, `per_line` at a time."""
    found: list[tuple[str, Path]] = []
    for path in sorted(_FOLDER.glob(f"*/{file}")):
        try:
            phones_of(path.parent.name)
        except KeyError:
            continue
        found.append((path.parent.name, path))
    random.Random(seed).shuffle(found)
    sounds = [_trim(sound) for sound in decode([path for _, path in found])]
    out: list[Line] = []
    for begin in range(0, len(found), per_line):
        spelling = " ".join(name for name, _ in found[begin:begin + per_line])
        out.append(Line(np.concatenate(sounds[begin:begin + per_line]), spelling))
    return out

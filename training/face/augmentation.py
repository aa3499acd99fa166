"""What happens to sound between a mouth and a microphone, applied to utterances; times move with the sound.

What can be done to spectra instead (warp, colour, noise, level, stretch) is done anew for every batch, in `batches.py`.
"""

from __future__ import annotations

import subprocess

import numpy as np
from scipy.signal import fftconvolve, resample_poly, sosfilt, butter

from .grid import SAMPLE_RATE
from .revoice import revoice
from .utterance import Utterance

Chance = np.random.Generator


def speed(utterance: Utterance, percent: int) -> Utterance:
    """Plays the sound at `percent` of its speed: tempo, pitch and formants move together, as between speakers."""
    sound = resample_poly(utterance.sound, 100, percent).astype(np.float32)
    ratio = 100 / percent
    return Utterance(sound, [(phone, start * ratio, end * ratio) for phone, start, end in utterance.segments])


def whisper(sound: np.ndarray, chance: Chance, mix: float) -> np.ndarray:
    """Speaks with noise instead of a voice: the spectral envelope stays (cepstrum below 2 ms), the phase is random."""
    size, hop = 512, 128
    window = np.hanning(size).astype(np.float32)
    padded = np.pad(sound, (size, size))
    count = (len(padded) - size) // hop + 1
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:count] * window
    magnitude = np.abs(np.fft.rfft(frames)) + 1e-5
    cepstrum = np.fft.irfft(np.log(magnitude))
    cepstrum[:, 32:-31] = 0
    envelope = np.exp(np.fft.rfft(cepstrum).real)
    noise = np.fft.irfft(envelope * np.exp(2j * np.pi * chance.random(envelope.shape)))
    out = np.zeros(len(padded), np.float32)
    for index in range(count):
        out[index * hop:index * hop + size] += noise[index] * window
    out = out[size:size + len(sound)]
    out *= np.sqrt((sound ** 2).mean() / ((out ** 2).mean() + 1e-12))
    return (mix * out + (1 - mix) * sound).astype(np.float32)


def room(sound: np.ndarray, chance: Chance) -> np.ndarray:
    """A synthetic room: direct sound and an exponential tail of 0.15-0.6 s, whose highs die sooner."""
    decay = chance.uniform(0.15, 0.6)
    time = np.arange(int(decay * SAMPLE_RATE)) / SAMPLE_RATE
    tail = chance.standard_normal(len(time)) * np.exp(-6.9 * time / decay)
    tail = sosfilt(butter(1, chance.uniform(2000, 6000), fs=SAMPLE_RATE, output="sos"), tail)
    tail *= chance.uniform(0.15, 0.7) / (np.sqrt((tail ** 2).sum()) + 1e-9)
    tail[0] = 1.0
    return fftconvolve(sound, tail)[:len(sound)].astype(np.float32)


def telephone(sound: np.ndarray, chance: Chance) -> np.ndarray:
    """8 kHz mu-law in a 300-3400 Hz band."""
    low = chance.uniform(200, 330)
    narrow = sosfilt(butter(4, [low, 3400], "bandpass", fs=SAMPLE_RATE, output="sos"), sound)
    narrow = resample_poly(narrow, 1, 2)
    peak = np.abs(narrow).max() + 1e-9
    coded = np.sign(narrow) * np.log1p(255 * np.abs(narrow) / peak) / np.log(256)
    coded = np.round(coded * 127) / 127
    decoded = np.sign(coded) * (np.power(256, np.abs(coded)) - 1) / 255 * peak
    return resample_poly(decoded, 2, 1)[:len(sound)].astype(np.float32)


def clip(sound: np.ndarray, chance: Chance) -> np.ndarray:
    """Overdriven by 6-20 dB and clipped, with a DC offset."""
    peak = np.abs(sound).max() + 1e-9
    driven = np.clip(sound / peak * 10 ** (chance.uniform(6, 20) / 20), -1, 1)
    return (0.7 * driven + chance.uniform(-0.2, 0.2)).astype(np.float32)


def codec(sound: np.ndarray, chance: Chance) -> np.ndarray:
    """Opus at 10-24 kbit/s or MP3 at 24-48 kbit/s and back, through ffmpeg; unchanged if that fails."""
    if chance.random() < 0.6:
        container, encoder, rate = "ogg", "libopus", int(chance.integers(10, 25))
    else:
        container, encoder, rate = "mp3", "libmp3lame", int(chance.choice([24, 32, 48]))
    raw = ["-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "1"]
    quiet = ["ffmpeg", "-v", "error", "-threads", "1"]
    encode = [*quiet, *raw, "-i", "-", "-c:a", encoder, "-b:a", f"{rate}k", "-f", container, "-"]
    packed = subprocess.run(encode, input=sound.astype("<f4").tobytes(), capture_output=True, check=False).stdout
    decode = [*quiet, "-f", container, "-i", "-", *raw, "-"]
    out = np.frombuffer(subprocess.run(decode, input=packed, capture_output=True, check=False).stdout, "<f4")
    if abs(len(out) - len(sound)) > 0.1 * SAMPLE_RATE:
        return sound
    fixed = np.zeros_like(sound)
    fixed[:min(len(out), len(sound))] = out[:len(sound)]
    return fixed


def disturb(utterance: Utterance, chance: Chance, keep: float = 0.4, stranger: float = 0.0) -> Utterance:
    """The utterance as it is (with probability `keep`), or changed in one of the ways above.

    Before that, with probability `stranger`, another speaker says it.
    """
    if chance.random() < stranger:
        utterance = Utterance(revoice(utterance.sound, chance), utterance.segments)
    if chance.random() < keep:
        return utterance
    if chance.random() < 0.6:
        utterance = speed(utterance, int(chance.choice([84, 88, 92, 96, 104, 108, 113, 118])))
    kind = chance.random()
    sound = utterance.sound
    if kind < 0.22:
        sound = whisper(sound, chance, float(chance.choice([1.0, 1.0, 0.6])))
    elif kind < 0.40:
        sound = room(sound, chance)
    elif kind < 0.52:
        sound = telephone(sound, chance)
    elif kind < 0.58:
        sound = clip(sound, chance)
    elif kind < 0.66:
        sound = codec(sound, chance)
    return Utterance(sound, utterance.segments)

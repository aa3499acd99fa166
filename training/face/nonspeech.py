"""Sound that nobody speaks: noise, hum, clicks, tones and simple music. The mouth must rest in it."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, sosfilt

from .grid import SAMPLE_RATE

Chance = np.random.Generator


def noise(seconds: float, chance: Chance) -> np.ndarray:
    """Noise of a random slope and band, steady or swelling."""
    count = int(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(chance.standard_normal(count))
    frequency = np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), 20)
    spectrum *= frequency ** chance.uniform(-1.2, 0.5)
    if chance.random() < 0.4:
        centre = np.exp(chance.uniform(np.log(150), np.log(5000)))
        spectrum *= np.exp(-0.5 * (np.log(frequency / centre) / chance.uniform(0.2, 1.0)) ** 2)
    out = np.fft.irfft(spectrum, count)
    if chance.random() < 0.5:
        knots = chance.uniform(0.1, 1, max(2, int(seconds * chance.uniform(0.5, 6))))
        out *= np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(knots)), knots)
    return (out / (np.abs(out).max() + 1e-9)).astype(np.float32)


def clicks(seconds: float, chance: Chance) -> np.ndarray:
    """Clicks, knocks and keys: short ringing bursts."""
    out = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
    for _ in range(int(seconds * chance.uniform(1, 8)) + 1):
        length = int(SAMPLE_RATE * chance.uniform(0.001, 0.05))
        time = np.arange(length) / SAMPLE_RATE
        burst = np.exp(-time * chance.uniform(60, 2000)) * (
            np.sin(2 * np.pi * chance.uniform(80, 5000) * time) + chance.uniform(0, 1) * chance.standard_normal(length)
        )
        at = int(chance.integers(0, max(1, len(out) - length)))
        out[at:at + length] += (burst[:len(out) - at] * chance.uniform(0.2, 1)).astype(np.float32)
    return out / (np.abs(out).max() + 1e-9)


def music(seconds: float, chance: Chance) -> np.ndarray:
    """Chords and melodies of plucked and blown partials over an optional beat."""
    out = np.zeros(int(seconds * SAMPLE_RATE), np.float64)
    beat = chance.uniform(0.12, 0.7)
    base = chance.uniform(80, 300)
    partials = int(chance.integers(1, 14))
    tilt, decay = chance.uniform(0.5, 2.0), chance.choice([0.3, 2, 6, 14])
    attack, vibrato = chance.uniform(0.003, 0.08), chance.uniform(0, 0.01)
    for index in range(int(seconds / beat) + 1):
        for step in chance.choice([0, 2, 4, 5, 7, 9, 11, 12, 14, 16], int(chance.integers(1, 4)), replace=False):
            start = int(index * beat * SAMPLE_RATE)
            length = min(len(out) - start, int(SAMPLE_RATE * beat * chance.uniform(0.7, 3)))
            if length <= 0:
                continue
            time = np.arange(length) / SAMPLE_RATE
            pitch = base * 2 ** (step / 12)
            phase = 2 * np.pi * pitch * time + vibrato * pitch * np.sin(2 * np.pi * 5 * time)
            tone = sum(np.sin(k * phase) / k ** tilt for k in range(1, partials + 1) if k * pitch < 7600)
            out[start:start + length] += tone * np.minimum(time / attack, 1) * np.exp(-decay * time)
        if chance.random() < 0.6:
            hit = clicks(0.2, chance) * chance.uniform(0, 1.5)
            start = int(index * beat * SAMPLE_RATE)
            out[start:start + len(hit)] += hit[:max(0, len(out) - start)]
    return (out / (np.abs(out).max() + 1e-9)).astype(np.float32)


def hum(seconds: float, chance: Chance) -> np.ndarray:
    """Mains hum, tones and sweeps."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    start, end = np.exp(chance.uniform(np.log(50), np.log(4000), 2))
    pitch = start if chance.random() < 0.6 else np.linspace(start, end, len(time))
    out = sum(np.sin(2 * np.pi * k * np.cumsum(np.broadcast_to(pitch, time.shape)) / SAMPLE_RATE) / k
              for k in range(1, int(chance.integers(2, 8))))
    out = sosfilt(butter(1, 7000, fs=SAMPLE_RATE, output="sos"), out)
    return (out / (np.abs(out).max() + 1e-9)).astype(np.float32)


def anything(seconds: float, chance: Chance) -> np.ndarray:
    """One of the above, at -40 to -3 dBFS."""
    kind = chance.choice(["noise", "clicks", "music", "music", "hum"])
    make = {"noise": noise, "clicks": clicks, "music": music, "hum": hum}[str(kind)]
    return make(seconds, chance) * np.float32(10 ** (chance.uniform(-40, -3) / 20))

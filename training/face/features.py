"""Log-mel spectra on the step grid: the network's eye on sound, in numpy. `network.py` builds the same in torch."""

from __future__ import annotations

import numpy as np

from .grid import SAMPLE_RATE, STEPS_PER_FRAME, WINDOW, frame_count, step_centre

BANDS = 40
FIRST_BIN, LAST_BIN = 2, 192
"""DFT bins used, of 40 Hz each: the first two carry DC and hum, the last ones nothing a voice needs."""
FLOOR = 1e-8
"""Added to a band's power before the logarithm; a full-scale sine has power 1 at its band."""


def mel_filters() -> np.ndarray:
    """[bins, BANDS] triangular mel filters from 80 to 7600 Hz, of unit height."""
    def mel(hertz: np.ndarray | float) -> np.ndarray:
        return 2595 * np.log10(1 + np.asarray(hertz) / 700)

    points = np.linspace(mel(80.0), mel(7600.0), BANDS + 2)
    bins = mel(np.arange(FIRST_BIN, LAST_BIN) * SAMPLE_RATE / WINDOW)[:, None]
    low, middle, high = points[None, :-2], points[None, 1:-1], points[None, 2:]
    rising = (bins - low) / (middle - low)
    falling = (high - bins) / (high - middle)
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def fourier_basis() -> np.ndarray:
    """[WINDOW, 2 * bins] a Hann-windowed cosine and sine of every used bin, scaled so that a full-scale sine gives 1."""
    time = np.arange(WINDOW)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * time / WINDOW)
    angle = 2 * np.pi * np.outer(time, np.arange(FIRST_BIN, LAST_BIN)) / WINDOW
    scale = 2 / hann.sum()
    return (np.concatenate([np.cos(angle), np.sin(angle)], 1) * hann[:, None] * scale).astype(np.float32)


def folded_basis() -> tuple[np.ndarray, np.ndarray]:
    """[WINDOW / 2, bins] cosines and sines about the window's centre, for the sum and the difference of its halves.

    The window is 0 at its first sample, so the half without a partner is not missed; the centre is counted twice, hence halved.
    """
    half = WINDOW // 2
    away = np.arange(half)
    hann = 0.5 + 0.5 * np.cos(2 * np.pi * away / WINDOW)
    angle = 2 * np.pi * np.outer(away, np.arange(FIRST_BIN, LAST_BIN)) / WINDOW
    weight = hann * 2 / half
    weight[0] /= 2
    return (np.cos(angle) * weight[:, None]).astype(np.float32), (np.sin(angle) * weight[:, None]).astype(np.float32)


_BASIS = fourier_basis()
_FILTERS = mel_filters()


def log_mel(sound: np.ndarray) -> np.ndarray:
    """[steps, BANDS] natural-log mel power of a 16 kHz sound; 3 steps for each of its frames."""
    steps = STEPS_PER_FRAME * frame_count(len(sound))
    starts = np.array([step_centre(step) for step in range(steps)]) - WINDOW // 2
    padded = np.zeros(starts[-1] + 2 * WINDOW if steps else WINDOW, np.float32)
    head = WINDOW // 2
    length = min(len(sound), len(padded) - head)
    padded[head:head + length] = sound[:length]
    strided = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)
    out = np.empty((steps, BANDS), np.float32)
    for begin in range(0, steps, 4096):
        frames = strided[starts[begin:begin + 4096] + head]
        spectrum = frames @ _BASIS
        half = spectrum.shape[1] // 2
        power = spectrum[:, :half] ** 2 + spectrum[:, half:] ** 2
        out[begin:begin + 4096] = np.log(power @ _FILTERS + FLOOR)
    return out


def loudness(sound: np.ndarray) -> np.ndarray:
    """[steps] level of each step in decibels (full-scale sine: -3), over 25 ms."""
    steps = STEPS_PER_FRAME * frame_count(len(sound))
    total = np.concatenate([[0.0], np.cumsum(np.asarray(sound, np.float64) ** 2)])
    centres = np.array([step_centre(step) for step in range(steps)], np.int64)
    begin = np.clip(centres - WINDOW // 2, 0, len(sound))
    end = np.clip(centres + WINDOW // 2, 0, len(sound))
    return (10 * np.log10((total[end] - total[begin]) / WINDOW + 1e-10)).astype(np.float32)

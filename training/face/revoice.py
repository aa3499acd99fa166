"""Another speaker says the same: a vocoder that takes speech apart into pitch, voicing and spectral envelope, and puts it together anew.

Voices are few and what they say is long: a new pitch, a vocal tract of another size and shape, another voice source make
strangers of them, while the times of the phones stay. The envelope is the power spectrum averaged over one harmonic (as
in CheapTrick, Morise 2015); pitch is the first strong peak of the normalised autocorrelation.
"""

from __future__ import annotations

import numpy as np
from scipy import fft
from scipy.signal import medfilt

from .grid import SAMPLE_RATE

Chance = np.random.Generator
_HOP = 80
_WINDOW = 512
_LAGS = (40, 228)
"""Periods looked for, in samples: 400 down to 70 Hz."""
_BINS = _WINDOW // 2 + 1
_HERTZ = np.arange(_BINS) * SAMPLE_RATE / _WINDOW
_HANN = np.hanning(_WINDOW).astype(np.float32)


def _frames(sound: np.ndarray, size: int) -> np.ndarray:
    """[frames, size] of the sound, centred every 5 ms."""
    padded = np.pad(sound, (size // 2, size // 2 + _HOP))
    return np.lib.stride_tricks.sliding_window_view(padded.astype(np.float32, copy=False), size)[:len(sound) + 1:_HOP]


def pitch(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every 5 ms the fundamental in Hz (neighbours' where there is none, else 120) and how periodic the sound is, 0..1."""
    size = 2 * _LAGS[1] + 56
    frames = _frames(sound, size)[::2]
    window = np.hanning(size).astype(np.float32)
    found = fft.irfft(np.abs(fft.rfft((frames - frames.mean(1, keepdims=True)) * window, 1024)) ** 2)[:, :_LAGS[1] + 1]
    ideal = fft.irfft(np.abs(fft.rfft(window, 1024)) ** 2)[:_LAGS[1] + 1]
    score = found[:, _LAGS[0]:] / (found[:, :1] + 1e-7 * size) / (ideal[_LAGS[0]:] / ideal[0])
    best = score.max(1)
    early = (score > 0.9 * best[:, None]).argmax(1)  # a strong peak at half the period is the period
    near = np.clip(early[:, None] + np.arange(-4, 9), 0, score.shape[1] - 1)
    lag = near[np.arange(len(score)), np.take_along_axis(score, near, 1).argmax(1)] + _LAGS[0]
    periodic = np.clip((best - 0.45) / 0.4, 0, 1)
    known = np.flatnonzero(periodic > 0)
    steps = np.arange(len(sound) // _HOP + 1) / 2
    if len(known) == 0:
        return np.full(len(steps), 120.0), np.zeros(len(steps))
    hertz = medfilt(np.interp(np.arange(len(lag)), known, SAMPLE_RATE / lag[known]), 5)
    return np.interp(steps, np.arange(len(lag)), np.maximum(hertz, 60)), np.interp(steps, np.arange(len(lag)), periodic)


def envelope(sound: np.ndarray, hertz: np.ndarray) -> np.ndarray:
    """[frames, bins] the logarithm of the power spectrum, averaged over a harmonic."""
    power = np.abs(fft.rfft(_frames(sound, _WINDOW) * _HANN)) ** 2 + 1e-7
    mirrored = np.concatenate([power[:, 16:0:-1], power, power[:, -2:-18:-1]], 1)
    total = np.concatenate([np.zeros((len(power), 1)), np.cumsum(mirrored, 1, np.float64)], 1)
    half = np.clip(hertz[:len(power)], 80, 400)[:, None] / (SAMPLE_RATE / _WINDOW) / 2
    rows = np.arange(len(power))[:, None]

    def up_to(where: np.ndarray) -> np.ndarray:
        low = where.astype(np.int64)
        part = where - low
        return total[rows, low] * (1 - part) + total[rows, low + 1] * part

    centre = np.arange(_BINS)[None] + 16.5
    return np.log((up_to(centre + half) - up_to(centre - half)) / (2 * half) + 1e-9).astype(np.float32)


def _contour(hertz: np.ndarray, middle: float, wanted: float, chance: Chance) -> np.ndarray:
    """The melody about another middle, livelier or flatter than it was, with up to 2 % of jitter."""
    out = np.clip(wanted * (hertz / middle) ** chance.uniform(0.4, 1.5), 55, 450)
    knots = chance.standard_normal(len(out) // 6 + 2)
    return out * (1 + chance.uniform(0, 0.02) * np.interp(np.arange(len(out)) / 6, np.arange(len(knots)), knots))


def _pulses(hertz: np.ndarray, length: int) -> np.ndarray:
    """A pulse at each period, of the power that noise of variance 1 has."""
    contour = np.interp(np.arange(length), np.arange(len(hertz)) * _HOP, hertz)
    phase = np.cumsum(contour) / SAMPLE_RATE
    at = np.flatnonzero(np.diff(np.floor(phase), prepend=0.0))
    part = np.clip((phase[at] - np.floor(phase[at])) * SAMPLE_RATE / contour[at], 0, 1)
    size = np.sqrt(SAMPLE_RATE / contour[at])
    out = np.zeros(length)
    out[at] += size * (1 - part)
    out[np.maximum(at - 1, 0)] += size * part
    return out


def _tract(shape: np.ndarray, growth: float, chance: Chance) -> np.ndarray:
    """The envelope of a vocal tract whose length and whose parts' lengths differ; as clear, as flat or as smooth as chance has it."""
    place = _HERTZ / _HERTZ[-1]
    bend = sum(chance.normal(0, 0.05) * np.cos(np.pi * order * place ** 0.6) for order in (1, 2, 3))
    warp = np.exp(-(growth + chance.normal(0, 0.07)) + bend)
    source = np.clip(np.maximum.accumulate(_HERTZ * warp) / _HERTZ[1], 0, _BINS - 1.001)
    low = source.astype(np.int64)
    part = (source - low).astype(np.float32)
    shape = shape[:, low] * (1 - part) + shape[:, low + 1] * part
    if chance.random() < 0.4:  # statistical voices are smooth in time
        width = int(chance.integers(2, 5)) * 2 + 1
        kernel = np.hanning(width + 2)[1:-1].astype(np.float32)
        padded = np.pad(shape, ((width // 2, width // 2), (0, 0)), "edge")
        shape = sum(weight * padded[i:i + len(shape)] for i, weight in enumerate(kernel / kernel.sum()))
    if chance.random() < 0.5:  # and their formants are flatter, as in mumbling; others have clearer ones
        cepstrum = fft.irfft(shape)
        cepstrum[:, 3:-2] *= np.float32(chance.uniform(0.75, 1.2))
        shape = fft.rfft(cepstrum).real
    octaves = np.log2(np.maximum(_HERTZ, 100) / 1000).astype(np.float32)
    return np.exp(0.5 * (shape + np.float32(chance.normal(0, 3) * np.log(10) / 10) * octaves))


def revoice(sound: np.ndarray, chance: Chance) -> np.ndarray:
    """The sound as a chance speaker would say it, at the same length and level; sound under 130 ms stays as it is."""
    if len(sound) < 4 * _WINDOW:
        return sound
    hertz, periodic = pitch(sound)
    middle = float(np.median(hertz[periodic > 0.3])) if (periodic > 0.3).any() else 120.0
    wanted = float(np.exp(chance.uniform(np.log(75), np.log(320))))
    contour = _contour(hertz, middle, wanted, chance)
    growth = float(np.clip(np.log(wanted / middle) * 0.25, -0.15, 0.15))  # who speaks higher mostly is smaller, too
    gain = _tract(envelope(sound, hertz), growth, chance)
    # Voice below, breath above: how far up a voice reaches differs between speakers.
    reach = chance.uniform(2500, 9000)
    voiced = (periodic[:, None] ** 0.5 / (1 + (_HERTZ[None] / reach) ** 4)).astype(np.float32) * np.float32(chance.uniform(0.65, 1))
    pulse = fft.rfft(_frames(_pulses(contour, len(sound)), _WINDOW) * _HANN)
    noise = fft.rfft(_frames(chance.standard_normal(len(sound), np.float32), _WINDOW) * _HANN)
    count = min(map(len, (gain, pulse, voiced)))
    pieces = fft.irfft(gain[:count] * (np.sqrt(voiced[:count]) * pulse[:count] + np.sqrt(1 - voiced[:count]) * noise[:count])) * _HANN
    out = np.zeros(count * _HOP + 2 * _WINDOW + len(sound), np.float32)
    for index in range(count):
        out[index * _HOP:index * _HOP + _WINDOW] += pieces[index]
    out = out[_WINDOW // 2:_WINDOW // 2 + len(sound)]
    return (out * np.sqrt((sound ** 2).mean() / ((out ** 2).mean() + 1e-12))).astype(np.float32)

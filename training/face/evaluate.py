"""Measures a model: `python3 -m face.evaluate --weights FILE --work DIR --models DIR [--shared DIR] --out FILE`."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch
from scipy.io import wavfile
from scipy.signal import resample_poly

from . import metrics, nonspeech, readouts, shards
from .closing import at_frames, closures
from .embedded import EmbeddedFace, load_network
from .grid import SAMPLE_RATE
from .shards import Shard
from .visemes import OF_PHONE, VISEMES

WINDOW_SAMPLES = 34_133


def on_voice(face: EmbeddedFace, shard: Shard) -> dict[str, float]:
    """What can be known from phones alone: viseme accuracy, closures, contrasts of aperture."""
    pieces = []
    for begin, end in zip(shard.bounds[:-1], shard.bounds[1:]):
        weights, _, visemes = face.from_mel(shard.mel[begin:end])
        pieces.append((weights, visemes, shard.phone[begin:end]))
    openings = [metrics.aperture(weights) for weights, _, _ in pieces]
    frames = [at_frames(phone) for _, _, phone in pieces]
    met = closures(openings, [phone for _, _, phone in pieces])
    truth = OF_PHONE[np.concatenate(frames)]
    guess = np.concatenate([visemes for _, visemes, _ in pieces]).argmax(1)
    opening = np.concatenate(openings)
    out = {
        "accuracy": float((truth == guess).mean()), "speechAccuracy": float((truth == guess)[truth > 0].mean()),
        "closureRecall": met.recall, "closurePrecision": met.precision, "bilabials": met.said,
        "silenceAperture": float(opening[truth == 0].mean()),
    }
    for name in ("PP", "FF", "aa", "E", "I", "O", "U"):
        chosen = truth == VISEMES.index(name)
        if chosen.any():
            out[f"aperture {name}"] = float(opening[chosen].mean())
            out[f"recall {name}"] = float((guess[chosen] == truth[chosen]).mean())
    return out


def sliding(face: EmbeddedFace, sound: np.ndarray, hop: int = 10) -> np.ndarray:
    """Features of windows of 34,133 samples, of which each gives the `hop` frames before its last two."""
    frames = (len(sound) * 3 + 1599) // 1600
    whole = face.hear(sound)[1]
    out = whole.copy()
    for end in range(64, frames + 1, hop):
        start = ((end - 64) * 1600 + 2) // 3
        features = face.hear(sound[start:start + WINDOW_SAMPLES])[1]
        out[end - 2 - hop:end - 2] = features[64 - 2 - hop:64 - 2]
    return np.abs(out - whole)


def read_clip(path: Path) -> np.ndarray:
    """A WAV file as 16 kHz mono."""
    rate, data = wavfile.read(path)
    sound = data.astype(np.float32) / (32768 if data.dtype == np.int16 else 1)
    if sound.ndim == 2:
        sound = sound.mean(1)
    return resample_poly(sound, SAMPLE_RATE, rate).astype(np.float32) if rate != SAMPLE_RATE else sound


def on_clip(face: EmbeddedFace, sound: np.ndarray, reference: np.ndarray) -> dict[str, float]:
    """Against the full-size model's own track."""
    track = face.hear(sound)[0]
    scores = metrics.mouth_correlations(track, reference)
    rms = metrics.frame_rms(sound, len(track))
    return {
        "mean": float(np.mean(list(scores.values()))), **scores,
        "leadMs": metrics.lead_ms(metrics.aperture(track), rms), "jawLeadMs": metrics.lead_ms(metrics.channel(track, "jawOpen"), rms),
        "referenceJawLeadMs": metrics.lead_ms(metrics.channel(reference, "jawOpen"), rms),
        "referenceLeadMs": metrics.lead_ms(metrics.aperture(reference), rms),
        "leakage": metrics.leakage(track, rms), "jawP95": float(np.percentile(metrics.channel(track, "jawOpen"), 95)),
        "lowerP95": float(np.percentile(metrics.channel(track, "mouthLowerDown"), 95)),
        "apertureR": metrics.correlation(metrics.aperture(track)[:len(reference)], metrics.aperture(reference)[:len(track)]),
    }


def worsened(sound: np.ndarray) -> dict[str, np.ndarray]:
    """The sound with noise at 10 dB, in an 8 kHz band, quiet, and clipped."""
    chance = np.random.default_rng(5)
    level = np.sqrt((sound ** 2).mean())
    noise = chance.standard_normal(len(sound)).astype(np.float32) * level * 10 ** -0.5
    narrow = resample_poly(resample_poly(sound, 1, 2), 2, 1)[:len(sound)].astype(np.float32)
    peak = np.abs(sound).max()
    return {
        "noise 10 dB": sound + noise, "8 kHz": narrow, "-20 dB": sound * 0.1,
        "clipped, DC": np.clip(sound / peak * 5, -0.8, 0.8) * 0.5 + 0.2,
    }


def on_clips(face: EmbeddedFace, folder: Path) -> dict[str, dict[str, float]]:
    """Both development clips, plain and worsened. Nothing is fitted or chosen here."""
    out: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("*.weights.json")):
        reference = np.array(json.loads(path.read_text())["frames"], np.float32)
        name = path.name.split(".")[0]
        sound = read_clip(folder / f"{name}.wav")
        out[name] = on_clip(face, sound, reference)
        for kind, changed in worsened(sound).items():
            out[f"{name}, {kind}"] = on_clip(face, changed, reference)
    return out


def on_bad_input(face: EmbeddedFace) -> dict[str, float]:
    """Mean aperture where nobody speaks; anything that is not finite raises."""
    chance = np.random.default_rng(9)
    seconds = 8.0
    count = int(seconds * SAMPLE_RATE)
    time = np.arange(count) / SAMPLE_RATE
    vowel = sum(np.sin(2 * np.pi * 120 * k * np.arange(60 * SAMPLE_RATE) / SAMPLE_RATE) / (1 + ((120 * k - 700) / 300) ** 2) for k in range(1, 40))
    sounds = {
        "silence": np.zeros(count), "dither": chance.uniform(-1, 1, count) / 32768, "noise -30 dBFS": 0.03 * chance.standard_normal(count),
        "noise -50 dBFS": 0.003 * chance.standard_normal(count),
        "clicks": nonspeech.clicks(seconds, chance), "music": np.concatenate([nonspeech.music(2, chance) for _ in range(8)]) * 0.3,
        "sine 440 Hz": 0.3 * np.sin(2 * np.pi * 440 * time), "DC": np.full(count, 0.5), "NaN": np.full(count, np.nan),
        "a minute of one vowel": 0.1 * vowel / np.abs(vowel).max(),
    }
    out: dict[str, float] = {}
    for name, sound in sounds.items():
        weights = face.hear(sound.astype(np.float32))[0]
        if not np.isfinite(weights).all() or weights.min() < 0 or weights.max() > 1:
            raise ValueError(f"{name}: weights beyond 0..1")
        out[name] = float(np.abs(metrics.aperture(weights)).mean())
    return out


def measure(face: EmbeddedFace, work: Path, clips: Path | None) -> dict[str, dict]:
    """Everything, by name."""
    out: dict[str, dict] = {"voices": {}, "badInput": on_bad_input(face)}
    for path in sorted((work / "heldout").glob("*.npz")):
        out["voices"][path.stem] = on_voice(face, shards.read(path))
    if clips and clips.exists():
        out["clips"] = on_clips(face, clips)
        sound = read_clip(sorted(clips.glob("*.wav"))[0])
        difference = sliding(face, sound)
        out["seams"] = {"max": float(difference.max()), "mean": float(difference.mean())}
    else:
        print("note: no lipsync-dev beside the checkout (SHARED), so nothing is compared with the full-size model")
    return out


def show(figures: dict[str, dict]) -> None:
    """Prints the figures."""
    def line(values: dict[str, float]) -> str:
        return " ".join(f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}" for name, value in values.items())

    for kind, entries in figures.items():
        if entries and isinstance(next(iter(entries.values())), dict):
            for name, values in entries.items():
                print(f"{kind} {name}: {line(values)}")
        else:
            print(f"{kind}: {line(entries)}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    default = os.environ.get("SHARED") or Path(__file__).resolve().parents[2].parent / "shared"
    parser.add_argument("--shared", type=Path, default=default)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network, _ = load_network(options.weights)
    thresholds = json.loads((options.models / "embedded-face.json").read_text())["trained"]["thresholds"]
    face = EmbeddedFace(network, readouts.alone(readouts.read(options.models / "readouts" / "lam.json")), thresholds).eval()
    figures = measure(face, options.work, Path(options.shared) / "lipsync-dev")
    show(figures)
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""Writes the model and its readouts: `python3 -m face.export --weights FILE --work DIR --models DIR`."""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch

from . import readouts, shards
from .blendshapes import BLENDSHAPES
from .closing import threshold
from .embedded import EmbeddedFace, load_network
from .grid import FPS, SAMPLE_RATE, frame_count
from .network import lookahead_ms
from .phones import SILENCE
from .targets import FEATURES
from .visemes import VISEMES

OPSET = 16
VERSION = 1
THRESHOLDS = {"closure": 0.35, "labiodental": 0.5}
"""Where a contact counts as heard; that of a closure is found anew for every model, see `closing.py`."""


def speech_features(face: EmbeddedFace, folder: Path) -> np.ndarray:
    """[frames, FEATURES] on the speech of the held-out voices, for the calibration of `lam`."""
    found = []
    for shard in shards.read_all(folder):
        for begin, end in list(zip(shard.bounds[:-1], shard.bounds[1:]))[:60]:
            _, features, _ = face.from_mel(shard.mel[begin:end])
            found.append(features[shard.phone[begin + 1:end:3][:len(features)] != SILENCE])
    return np.concatenate(found)


def export(face: EmbeddedFace, path: Path) -> None:
    """Writes the ONNX file and checks it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    example = torch.zeros(2, 34_133)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            face, (example,), str(path), opset_version=OPSET, input_names=["audio_waveform"],
            output_names=["blendshapes", "features", "visemes"],
            dynamic_axes={
                "audio_waveform": {0: "batch", 1: "samples"}, "blendshapes": {0: "batch", 1: "frames"},
                "features": {0: "batch", 1: "frames"}, "visemes": {0: "batch", 1: "frames"},
            },
        )
    model = onnx.load(str(path))
    onnx.checker.check_model(model)
    size = path.stat().st_size
    if size > 6_000_000:
        raise ValueError(f"the model has {size} bytes, more than 6 MB")
    print(f"{path.name}: {size} bytes, opset {OPSET}")


def check(face: EmbeddedFace) -> None:
    """The contract, on the module that was exported: shapes, ranges, and no sound that breaks it."""
    chance = np.random.default_rng(1)
    for samples in (400, 533, 534, 1600, 16_000, 34_133, 40_001):
        sound = chance.uniform(-1, 1, samples).astype(np.float32)
        sound[:3] = np.nan, np.inf, -np.inf
        weights, features, visemes = face.hear(sound)
        frames = frame_count(samples)
        assert weights.shape == (frames, 52) and features.shape == (frames, len(FEATURES)) and visemes.shape == (frames, 15)
        assert np.isfinite(weights).all() and weights.min() >= 0 and weights.max() <= 1
        assert features.min() >= 0 and features.max() <= 1 and np.allclose(visemes.sum(1), 1, atol=1e-4)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    options = parser.parse_args()
    network, facts = load_network(options.weights)
    plain = EmbeddedFace(network, readouts.lam(), THRESHOLDS).eval()
    lam = readouts.lam(readouts.calibrate(speech_features(plain, options.work / "heldout")))
    baked = readouts.alone(lam)
    readouts.write(options.models / "readouts" / "lam.json", lam)
    readouts.write(options.models / "readouts" / "arkit.json", readouts.arkit())
    thresholds = THRESHOLDS | {"closure": threshold(network, baked, options.work / "heldout", THRESHOLDS["labiodental"])}
    print(f"a closure counts from {thresholds['closure']}")
    face = EmbeddedFace(network, baked, thresholds).eval()
    check(face)
    export(face, options.models / "embedded-face.onnx")
    about = {
        "sampleRate": SAMPLE_RATE, "fps": FPS, "lookaheadMs": lookahead_ms(), "featureNames": list(FEATURES),
        "visemeNames": list(VISEMES), "blendshapeNames": list(BLENDSHAPES),
        "trained": {
            "version": VERSION, "parameters": sum(p.numel() for p in network.parameters()),
            "thresholds": thresholds, **facts,
        },
    }
    (options.models / "embedded-face.json").write_text(json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main()

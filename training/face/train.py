"""Trains the network on the shards: `python3 -m face.train --work DIR --out FILE --minutes M`."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch.nn import functional
from torch.utils.data import DataLoader

from . import shards
from .batches import Batch, Batches, voice_of
from .network import FaceNetwork
from .targets import FEATURES, HARD
from .visemes import VISEMES

_HARD = [FEATURES.index(name) for name in HARD]
_SMOOTH = [index for index in range(len(FEATURES)) if index not in _HARD]
VISEME_WEIGHTS = torch.tensor([{"sil": 0.7, "PP": 1.6, "FF": 1.3}.get(name, 1.0) for name in VISEMES])


def loss_of(network: FaceNetwork, batch: Batch) -> tuple[torch.Tensor, dict[str, float]]:
    """The loss of a batch, and its parts.

    Contacts: cross-entropy, three times as heavy inside a contact. The other curves: squared error relative to the
    variance of a curve, and absolute error of its velocity. Visemes and phones: cross-entropy.
    """
    with torch.autocast("cpu", torch.bfloat16):
        features, visemes, phones = (head.float() for head in network.all_heads(batch.mel))
    target = torch.cat([batch.soft, batch.curves], 2)
    hard = target[..., _HARD]
    contact = (functional.binary_cross_entropy_with_logits(features[..., _HARD], hard, reduction="none") * (1 + 2 * hard)).mean()
    value = torch.sigmoid(features[..., _SMOOTH])
    wanted = target[..., _SMOOTH]
    variance = wanted.flatten(0, 1).var(0) + 0.002
    curve = ((value - wanted) ** 2 / variance).mean()
    speed = ((value.diff(dim=1) - wanted.diff(dim=1)).abs() / variance.sqrt()).mean()
    viseme = functional.cross_entropy(visemes.flatten(0, 1), batch.viseme.flatten(), VISEME_WEIGHTS)
    phone = functional.cross_entropy(phones.flatten(0, 1), batch.phone.flatten())
    total = 3 * contact + curve + 0.5 * speed + viseme + 0.5 * phone
    parts = {"contact": contact, "curve": curve, "speed": speed, "viseme": viseme, "phone": phone}
    return total, {name: float(part) for name, part in parts.items()}


class Average:
    """A running average of the weights: a model to look at while the rate is still high."""

    def __init__(self, network: FaceNetwork, decay: float = 0.995) -> None:
        self._decay = decay
        self.weights = {name: value.clone() for name, value in network.state_dict().items()}

    def update(self, network: FaceNetwork) -> None:
        """Takes a step's weights in."""
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.weights[name].lerp_(value, 1 - self._decay)
            else:
                self.weights[name].copy_(value)


def train(
    network: FaceNetwork, source: Batches, steps: int, rate: float, keep: Callable[[dict[str, torch.Tensor], int], None],
    report: int = 50, minutes: float = 1e9,
) -> int:
    """Trains in place: AdamW with a short warm-up and a cosine to nothing, over `steps`; returns the steps taken.

    With `minutes`, the schedule follows the clock instead where that is shorter; the result then depends on the machine.
    `keep` gets the averaged weights and the steps so far after each five reports.
    """
    average = Average(network)
    taken = 0
    # One process makes all batches, in order and ahead: while the network learns, the next ones are being disturbed.
    batches = iter(DataLoader(source, batch_size=None, num_workers=1, prefetch_factor=4))
    optimiser = torch.optim.AdamW(network.parameters(), rate, betas=(0.9, 0.98), weight_decay=0.01)
    began = time.monotonic()
    network.train()
    sums: dict[str, float] = {}
    for step in range(steps):
        progress = max(step / steps, (time.monotonic() - began) / 60 / minutes)
        if progress >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * progress))
        loss, parts = loss_of(network, next(batches))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5)
        optimiser.step()
        average.update(network)
        taken = step + 1
        for name, part in parts.items():
            sums[name] = sums.get(name, 0) + part
        if (step + 1) % report == 0:
            text = " ".join(f"{name} {total / report:.3f}" for name, total in sums.items())
            print(f"[{time.monotonic() - began:5.0f} s] step {step + 1} {text}", flush=True)
            sums = {}
        if (step + 1) % (5 * report) == 0:
            keep(average.weights, taken)
    network.eval()
    return taken


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folders", nargs="+", default=["synthetic"], help="folders of shards; NAME:3 weighs them 3")
    parser.add_argument("--start", type=Path, help="weights to start from")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.0, help="of the blocks' activations")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--length", type=int, default=450, help="steps of a stream")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(2)
    voices = []
    for folder in options.folders:
        name, _, weight = folder.partition(":")
        voices += [voice_of(shard, float(weight or 1)) for shard in shards.read_all(options.work / name)]
    nonspeech = voice_of(shards.read(options.work / "nonspeech" / "nonspeech.npz"))
    hours = sum(voice.shard.hours for voice in voices)
    network = FaceNetwork(dropout=options.dropout)
    if options.start:
        network.load_state_dict(torch.load(options.start)["weights"])
    count = sum(parameter.numel() for parameter in network.parameters())
    print(f"{len(voices)} shards, {hours:.1f} hours, {count} parameters", flush=True)
    source = Batches(voices, nonspeech, options.batch, options.length, options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)

    def save(path: Path, weights: dict[str, torch.Tensor], taken: int) -> None:
        facts = {
            "hours": round(hours, 2), "voices": len(voices), "seed": options.seed, "steps": taken,
            "recordings": any(folder.startswith("real") for folder in options.folders),
        }
        torch.save({"weights": weights, **facts}, path)

    partial = options.out.with_suffix(".part.pt")
    taken = train(
        network, source, options.steps, options.rate, lambda weights, count: save(partial, weights, count), minutes=options.minutes,
    )
    save(options.out, network.state_dict(), taken)


if __name__ == "__main__":
    main()

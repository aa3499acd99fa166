"""Readouts: from the model's features to blendshape weights, as tables that a user can edit.

weight = clamp01(bias + sum(term * feature)); `lam` follows the style of wav2arkit, `arkit` suits generic rigs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

import numpy as np

from .blendshapes import BLENDSHAPES, columns
from .targets import FEATURES
from .visemes import VISEMES


class Channel(TypedDict):
    """One channel of a readout."""

    bias: float
    terms: dict[str, float]


class Readout(TypedDict):
    """A whole readout, as in models/readouts/*.json."""

    name: str
    about: str
    channels: dict[str, Channel]


# Table A of the notes: what each viseme adds in the full-size model (identity 0). Rows: VISEMES; silence is left out.
_LAM_CHANNELS = (
    "jawOpen", "mouthClose", "mouthLowerDown", "mouthUpperUp", "mouthPucker", "mouthFunnel", "mouthStretch",
    "mouthShrugUpper", "mouthShrugLower", "mouthPress", "mouthRollLower", "mouthFrown", "noseSneer", "cheekPuff",
)
_LAM_ROWS: dict[str, tuple[float, ...]] = {
    "PP": (.00, .08, .36, .02, .14, .04, .07, .20, .05, .15, .02, .04, .05, .04),
    "FF": (.01, .00, .12, .07, .00, .00, .09, .47, .01, .16, .01, .00, .08, .05),
    "TH": (.02, .03, .58, .12, .06, .00, .01, .71, .00, .04, .00, .00, .00, .04),
    "DD": (.00, .01, .63, .13, .00, .03, .07, .90, .00, .09, .01, .00, .04, .08),
    "kk": (.14, .06, .67, .17, .29, .00, .08, .55, .00, .00, .00, .06, .01, .02),
    "CH": (.00, .13, .77, .09, .25, .17, .00, 1.0, .00, .20, .00, .00, .08, .13),
    "SS": (.00, .05, .49, .15, .09, .07, .07, 1.0, .00, .27, .01, .01, .08, .12),
    "nn": (.00, .08, .58, .09, .24, .03, .05, .58, .02, .10, .01, .03, .08, .05),
    "RR": (.01, .01, .35, .07, .17, .00, .06, .22, .01, .04, .01, .03, .03, .01),
    "aa": (.20, .02, .53, .13, .07, .00, .08, .66, .00, .00, .00, .05, .07, .01),
    "E": (.11, .00, .47, .12, .01, .00, .11, .58, .00, .04, .01, .02, .07, .02),
    "I": (.00, .03, .52, .13, .07, .01, .07, .55, .02, .08, .01, .01, .05, .04),
    "O": (.05, .12, .41, .00, .35, .05, .03, .26, .02, .05, .01, .06, .03, .02),
    "U": (.04, .05, .17, .00, .20, .02, .04, .14, .03, .11, .01, .05, .02, .04),
}

# Where articulators and effort speak too, and what share of the channel the visemes keep. The notes give what loudness
# alone explains of a channel: of LowerDown about as much as the visemes do, of the jaw a third; where they only say that a
# channel follows any speech, a quarter is taken. Rounding and spreading are what pucker and stretch are for: the fit's tables put
# as much of them into k and n as into o and u, and a mouth is then never seen to round. Jaw and lips each have their own lead, see targets.py.
_LAM_BLEND: dict[str, tuple[float, dict[str, float]]] = {
    "jawOpen": (.80, {"jawEffort": .06}), "mouthLowerDown": (.60, {"aperture": .25, "loudness": .25}),
    "mouthUpperUp": (.75, {"loudness": .04}), "mouthStretch": (.60, {"loudness": .02, "spread": .06}),
    "mouthShrugUpper": (.75, {"loudness": .20}), "noseSneer": (.75, {"loudness": .02}), "cheekPuff": (.75, {"loudness": .015}),
    "mouthPucker": (.60, {"rounding": .14}), "mouthFunnel": (.75, {"rounding": .02}),
}
# Lips that meet. The full-size model undershoots this; here they close as far as it takes for the opening to fall below a
# fifth of its usual width and no further, because a closure that is heard wrongly costs likeness.
# The jaw is slower than the lips, which can meet over a jaw that is on its way: it does half of what it would have to do alone.
_LAM_CLOSURE: dict[str, float] = {
    "jawOpen": -.05, "mouthLowerDown": -.20, "mouthUpperUp": -.10, "mouthClose": .08, "mouthPress": .02, "mouthFunnel": -.01,
}
LAM_P95: dict[str, float] = {
    "jawOpen": .150, "mouthClose": .075, "mouthLowerDown": .450, "mouthUpperUp": .216, "mouthPucker": .305,
    "mouthFunnel": .090, "mouthStretch": .120, "mouthShrugUpper": .188, "mouthShrugLower": .020, "mouthPress": .030,
    "mouthRollLower": .024, "mouthFrown": .044, "noseSneer": .046, "cheekPuff": .050,
}
"""95th percentiles in running speech to aim at: wav2arkit (identity 11), a little towards LAM where it is all but still; pucker,
funnel and stretch are LAM's (identity 0), so that o, u and ee are seen."""

_JAW_ALONE = -.05
"""What the jaw adds at a closure where nobody comes after the readout who closes the lips, as the server does."""

_ARKIT_CHANNELS = (
    "jawOpen", "mouthClose", "mouthLowerDown", "mouthUpperUp", "mouthPucker", "mouthFunnel", "mouthStretch", "mouthSmile",
    "mouthDimple", "mouthPress", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "tongueOut",
)
# Table B of the notes: full articulation on a MetaHuman-like rig.
_ARKIT_ROWS: dict[str, tuple[float, ...]] = {
    "PP": (.03, .03, .00, .00, .00, .00, .00, .00, .00, .35, .20, .18, .10, .00, .00),
    "FF": (.08, .00, .00, .25, .00, .00, .05, .00, .00, .05, .45, .00, .00, .10, .00),
    "TH": (.14, .00, .22, .12, .00, .00, .08, .00, .00, .00, .00, .00, .00, .00, .35),
    "DD": (.12, .00, .25, .12, .00, .00, .12, .00, .00, .00, .00, .00, .00, .00, .00),
    "kk": (.20, .00, .22, .10, .00, .00, .08, .00, .00, .00, .00, .00, .00, .00, .00),
    "CH": (.10, .00, .20, .18, .30, .45, .00, .00, .00, .00, .00, .00, .00, .15, .00),
    "SS": (.05, .00, .32, .18, .00, .00, .28, .08, .12, .00, .00, .00, .00, .00, .00),
    "nn": (.14, .00, .22, .10, .00, .00, .10, .00, .00, .00, .00, .00, .00, .00, .00),
    "RR": (.14, .00, .12, .00, .28, .25, .00, .00, .00, .00, .00, .00, .00, .00, .00),
    "aa": (.55, .00, .30, .15, .00, .00, .05, .00, .00, .00, .00, .00, .00, .00, .00),
    "E": (.36, .00, .32, .18, .00, .00, .28, .12, .08, .00, .00, .00, .00, .00, .00),
    "I": (.16, .00, .28, .16, .00, .00, .38, .22, .00, .00, .00, .00, .00, .00, .00),
    "O": (.38, .00, .10, .00, .30, .50, .00, .00, .00, .00, .00, .00, .00, .00, .00),
    "U": (.14, .06, .00, .00, .62, .28, .00, .00, .00, .00, .00, .00, .00, .00, .00),
}
_ARKIT_SCALE = 0.75
_ARKIT_EFFORT = {"jawOpen": {"jawEffort": .30}, "mouthLowerDown": {"apertureEffort": .15}}
_ARKIT_CONTACT: dict[str, dict[str, float]] = {
    "jawOpen": {"closure": -.60}, "mouthClose": {"closure": .03}, "mouthLowerDown": {"closure": -.50, "labiodental": -.40},
    "mouthUpperUp": {"closure": -.30, "labiodental": .15}, "mouthFunnel": {"closure": -.45}, "mouthStretch": {"closure": -.20},
    "mouthPress": {"closure": .30}, "mouthRollLower": {"closure": .15, "labiodental": .35},
    "mouthRollUpper": {"closure": .14}, "mouthShrugLower": {"closure": .08},
}


def _channel(terms: dict[str, float]) -> Channel:
    return {"bias": 0.0, "terms": {name: round(value, 4) for name, value in terms.items() if abs(value) > 5e-5}}


def lam(scale: dict[str, float] | None = None, closure: bool = True) -> Readout:
    """The style of the full-size model; `scale` multiplies all but the closures, as `calibrate` found."""
    channels: dict[str, Channel] = {}
    for index, name in enumerate(_LAM_CHANNELS):
        share, others = _LAM_BLEND.get(name, (1.0, {}))
        terms = {viseme: share * row[index] for viseme, row in _LAM_ROWS.items()} | others
        factor = (scale or {}).get(name, 1.0)
        terms = {feature: value * factor for feature, value in terms.items()}
        if closure and name in _LAM_CLOSURE:
            terms["closure"] = _LAM_CLOSURE[name]
        channels[name] = _channel(terms)
    about = (
        "The style of wav2arkit (identity 11): a small jaw, lips that open with mouthLowerDown. Terms of the visemes from a fit "
        "of the full-size model, joined by articulators and loudness; lips that meet close further than the full-size model's."
    )
    return {"name": "lam", "about": about, "channels": channels}


def alone(readout: Readout) -> Readout:
    """`lam` for loaders that take the weights as they are."""
    channels = {name: Channel(bias=channel["bias"], terms=dict(channel["terms"])) for name, channel in readout["channels"].items()}
    jaw = channels["jawOpen"]["terms"]
    jaw["closure"] = round(jaw["closure"] + _JAW_ALONE, 4)
    return Readout(name=readout["name"], about=readout["about"], channels=channels)


def arkit() -> Readout:
    """Full articulation at conversational size, for rigs made to Apple's descriptions."""
    channels: dict[str, Channel] = {}
    for index, name in enumerate(_ARKIT_CHANNELS):
        share = 0.6 if name in _ARKIT_EFFORT else 1.0
        terms = {viseme: _ARKIT_SCALE * share * row[index] for viseme, row in _ARKIT_ROWS.items()}
        for table in (_ARKIT_EFFORT, _ARKIT_CONTACT):
            for feature, value in table.get(name, {}).items():
                terms[feature] = terms.get(feature, 0.0) + value
        channels[name] = _channel(terms)
    about = "Full articulation for generic ARKit rigs at conversational size: own derivation from the shapes' descriptions."
    return {"name": "arkit", "about": about, "channels": channels}


def matrix(readout: Readout) -> tuple[np.ndarray, np.ndarray]:
    """[features, 52] terms and [52] biases of a readout."""
    weights = np.zeros((len(FEATURES), len(BLENDSHAPES)), np.float32)
    bias = np.zeros(len(BLENDSHAPES), np.float32)
    for name, channel in readout["channels"].items():
        for column in columns(name):
            bias[column] = channel["bias"]
            for feature, value in channel["terms"].items():
                weights[FEATURES.index(feature), column] = value
    return weights, bias


def apply(readout: Readout, features: np.ndarray) -> np.ndarray:
    """[..., 52] weights of [..., features]."""
    weights, bias = matrix(readout)
    return np.clip(features @ weights + bias, 0, 1)


def calibrate(features: np.ndarray) -> dict[str, float]:
    """Factors for `lam` that bring the 95th percentile of each channel to LAM_P95 on [frames, features] of speech."""
    plain = apply(lam(closure=False), features)
    out: dict[str, float] = {}
    for name, wanted in LAM_P95.items():
        found = float(np.percentile(plain[:, columns(name)[0]], 95))
        out[name] = wanted / found if found > 1e-4 else 1.0
    return out


def write(path: Path, readout: Readout) -> None:
    """Writes a readout as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(readout, indent=2, ensure_ascii=False) + "\n")


def read(path: Path) -> Readout:
    """Reads a readout."""
    return json.loads(path.read_text())


assert set(_LAM_ROWS) | {"sil"} == set(VISEMES)

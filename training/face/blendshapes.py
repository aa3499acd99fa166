"""The 52 columns of the model's output, in the order of LAM and wav2arkit, and the sides that go together."""

from __future__ import annotations

BLENDSHAPES: tuple[str, ...] = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft",
    "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft",
    "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight",
    "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight",
    "tongueOut",
)
MOUTH: tuple[str, ...] = (
    "jawOpen", "mouthClose", "mouthLowerDown", "mouthUpperUp", "mouthPucker", "mouthFunnel", "mouthStretch",
    "mouthShrugUpper", "mouthShrugLower", "mouthPress", "mouthRollLower", "mouthFrown", "noseSneer", "cheekPuff",
)
"""The channels that are compared with the full-size model; a name without a side means both."""


def columns(channel: str) -> list[int]:
    """The columns of a channel: one, or its left and right."""
    if channel in BLENDSHAPES:
        return [BLENDSHAPES.index(channel)]
    return [BLENDSHAPES.index(channel + side) for side in ("Left", "Right")]

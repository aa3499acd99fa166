"""The two time grids: 30 frames a second, and three steps in each frame for sound.

A step is a ninetieth of a second, so both grids meet the sound at the same samples wherever a window begins on a
frame: a sliding window and one long pass then hear the very same spectra.
"""

SAMPLE_RATE = 16_000
FPS = 30
STEPS_PER_FRAME = 3
STEP_RATE = FPS * STEPS_PER_FRAME
WINDOW = 400
"""Samples of one spectrum (25 ms), centred on its step."""


def frame_count(samples: int) -> int:
    """Frames that `samples` samples of sound give: ceil(30 n / 16000)."""
    return (samples * 3 + 1599) // 1600


def step_centre(step: int) -> int:
    """The sample at the centre of a step: floor((step + 1/2) 1600 / 9)."""
    return (2 * step + 1) * 800 // 9

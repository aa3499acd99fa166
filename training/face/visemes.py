"""The 15 Oculus visemes, and what each phone asks of the articulators."""

from __future__ import annotations

import numpy as np

from .phones import INDEX, PHONES

VISEMES: tuple[str, ...] = (
    "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U",
)
_MEMBERS = {
    "sil": "sil", "PP": "p b m", "FF": "f v", "TH": "th dh", "DD": "t d", "kk": "k g x h", "CH": "sh zh ch jh",
    "SS": "s z", "nn": "n ng l", "RR": "r er", "aa": "a aa ah ae", "E": "e eh ax", "I": "i ih y", "O": "o ao oe",
    "U": "u uh ue w",
}
OF_PHONE: np.ndarray = np.zeros(len(PHONES), np.int64)
"""Viseme index of each phone class."""
for _index, _viseme in enumerate(VISEMES):
    for _phone in _MEMBERS[_viseme].split():
        OF_PHONE[INDEX[_phone]] = _index

ARTICULATORS: tuple[str, ...] = ("jaw", "aperture", "rounding", "spread", "teeth", "tongue")

# Targets in the order of ARTICULATORS (0..1), from the visual descriptions of section 3.4 and Table B of the notes:
# jaw and lip are split as in JALI; tongue-only sounds ask little of the lips.
_TARGETS: dict[str, tuple[float, ...]] = {
    "sil": (.00, .00, .00, .00, .00, .00),
    "p": (.10, .00, .05, .00, .00, .00), "b": (.10, .00, .05, .00, .00, .00), "m": (.10, .00, .05, .00, .00, .00),
    "f": (.12, .10, .00, .10, .20, .00), "v": (.12, .10, .00, .10, .20, .00),
    "th": (.25, .35, .00, .15, .40, 1.0), "dh": (.25, .35, .00, .15, .40, .90),
    "t": (.18, .40, .00, .20, .60, .60), "d": (.22, .42, .00, .20, .50, .60), "n": (.25, .42, .00, .15, .30, .60),
    "s": (.08, .40, .00, .45, 1.0, .20), "z": (.08, .40, .00, .45, 1.0, .20),
    "sh": (.15, .45, .70, .00, .80, .20), "zh": (.15, .45, .70, .00, .80, .20),
    "ch": (.15, .42, .65, .00, .80, .30), "jh": (.15, .42, .65, .00, .80, .30),
    "k": (.30, .40, .00, .10, .20, .10), "g": (.30, .40, .00, .10, .20, .10), "ng": (.30, .40, .00, .10, .20, .10),
    "l": (.30, .48, .00, .10, .20, .80), "r": (.25, .30, .50, .00, .20, .30),
    "w": (.15, .12, 1.0, .00, .00, .00), "y": (.18, .40, .00, .60, .40, .30),
    "h": (.40, .50, .00, .10, .10, .00), "x": (.30, .42, .00, .10, .10, .00),
    "i": (.20, .48, .00, 1.0, .40, .20), "ih": (.30, .50, .00, .70, .30, .15), "e": (.48, .62, .00, .60, .25, .10),
    "eh": (.62, .70, .00, .45, .20, .10), "ae": (.85, .85, .00, .45, .15, .05), "a": (1.0, .95, .00, .15, .10, .00),
    "aa": (.95, .88, .10, .00, .05, .00), "ah": (.65, .70, .00, .10, .10, .00), "ax": (.40, .52, .00, .15, .15, .05),
    "o": (.55, .50, .85, .00, .00, .00), "ao": (.75, .65, .65, .00, .00, .00), "u": (.22, .18, 1.0, .00, .00, .00),
    "uh": (.30, .32, .75, .00, .05, .00), "ue": (.18, .25, .95, .00, .10, .15), "oe": (.40, .45, .80, .00, .05, .10),
    "er": (.40, .42, .45, .00, .10, .30),
}
TARGET: np.ndarray = np.array([_TARGETS[name] for name in PHONES], np.float32)
"""[phones, articulators] what each phone asks for."""

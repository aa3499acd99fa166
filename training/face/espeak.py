"""espeak-ng through its library: sound and phone events in one call."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from scipy.signal import resample_poly

from .grid import SAMPLE_RATE
from .phones import SILENCE, from_ipa
from .utterance import Segment, Utterance, close_before_burst, spread_over

_SYNCHRONOUS = 2
_PHONEME_EVENTS_IN_IPA = 1 | 2
_EVENT_PHONEME = 7
_UTF8 = 1
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int),
        ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p), ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Style:
    """How espeak-ng is to speak: `voice` is a language with an optional variant, as in `de+f3`."""

    voice: str
    words_per_minute: int = 165
    pitch: int = 50
    pitch_range: int = 50


class Espeak:
    """The library, loaded once in a process (it keeps global state of its own)."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self.sample_rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS_IN_IPA)
        self._chunks: list[np.ndarray] = []
        self._events: list[tuple[int, str]] = []
        self._callback = _Callback(self._receive)  # held here: the library does not keep it alive
        self._library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples: ctypes._Pointer, count: int, events: ctypes._Pointer) -> int:
        if samples and count > 0:
            self._chunks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != 0:
            if events[index].type == _EVENT_PHONEME:
                name = events[index].id.string.decode("utf8", "ignore")
                if not name.startswith("("):  # "(en)": a change of language, not a phone
                    self._events.append((events[index].sample, name))
            index += 1
        return 0

    def speak(self, text: str, style: Style) -> Utterance | None:
        """The spoken text; None where the voice is missing or nothing came out."""
        if self._library.espeak_SetVoiceByName(style.voice.encode()) != 0:
            return None
        for parameter, value in ((_RATE, style.words_per_minute), (_PITCH, style.pitch), (_RANGE, style.pitch_range)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._chunks, self._events = [], []
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, 0, 0, _UTF8, None, None)
        if not self._chunks:
            return None
        sound = np.concatenate(self._chunks).astype(np.float32) / 32768
        total = len(sound) / self.sample_rate
        sound = resample_poly(sound, SAMPLE_RATE // 50, self.sample_rate // 50).astype(np.float32)
        segments: list[Segment] = []
        times = [sample / self.sample_rate for sample, _ in self._events] + [total]
        for (sample, ipa), end in zip(self._events, times[1:]):
            start = sample / self.sample_rate
            segments += spread_over(from_ipa(ipa), start, end) or [(SILENCE, start, end)]
        return Utterance(sound, close_before_burst(segments, sound))

    def transcribe(self, text: str, language: str) -> list[list[str]]:
        """The phone classes of each word of a text."""
        self._library.espeak_SetVoiceByName(language.encode())
        out: list[list[str]] = []
        for word in text.split():
            pointer = ctypes.c_char_p(word.encode())
            reference = ctypes.byref(pointer)
            function = self._library.espeak_TextToPhonemes
            function.restype = ctypes.c_char_p
            names: list[str] = []
            while pointer.value is not None:
                ipa = function(reference, _UTF8, 2)
                if ipa:
                    for part in ipa.decode("utf8", "ignore").split():
                        names += from_ipa(part)
            if names:
                out.append(names)
        return out

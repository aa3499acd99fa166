"""Real voices: the prompts of Debian's asterisk packages, 16 kHz G.722, with their texts; syllables of gcin-voice; and LibriVox.

Prompts and syllables are CC-BY-SA and CC-BY; `make model RECORDINGS=0` leaves them out. LibriVox, in the public domain, only measures.
"""

from __future__ import annotations

import gzip
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.io import wavfile

from . import mandarin
from .espeak import Espeak

_SOUNDS = Path("/usr/share/asterisk/sounds")
_TEXTS = Path("/usr/share/doc")
_LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")


@dataclass(frozen=True)
class Speaker:
    """A speaker: the folder of the prompts, the language of the package with their texts, and espeak-ng's name for it."""

    name: str
    folder: str
    language: str
    voice: str
    credit: str
    heldout: bool = False

    def recordings(self) -> list["Recording"]:
        """The speaker's prompts that have a text and are 0.4 to 20 s long."""
        said = texts(self.language)
        paths = [(_SOUNDS / self.folder / f"{name}.g722", text) for name, text in sorted(said.items())]
        paths = [(path, text) for path, text in paths if path.exists()]
        made = [Recording(sound, text) for sound, (_, text) in zip(decode_g722([path for path, _ in paths]), paths)]
        return [recording for recording in made if 0.4 < len(recording.sound) / 16000 < 20]

    def words(self, text: str, espeak: Espeak) -> list[list[str]]:
        """The phone classes of each word of a prompt."""
        return espeak.transcribe(text, self.voice)


@dataclass(frozen=True)
class SyllableSpeaker:
    """A speaker of gcin-voice: what the recording of each Mandarin syllable is called."""

    name: str
    file: str
    credit: str
    language: str = "zh"
    heldout: bool = False

    def recordings(self) -> list["Recording"]:
        """Six syllables at a time."""
        return [Recording(line.sound, line.text) for line in mandarin.lines(self.file)]

    def words(self, text: str, espeak: Espeak) -> list[list[str]]:
        """The phone classes of each syllable."""
        return [mandarin.phones_of(syllable) for syllable in text.split()]


SPEAKERS: tuple[Speaker | SyllableSpeaker, ...] = (
    Speaker("allison-en", "en_US_f_Allison", "en", "en-us", "Allison Smith, CC-BY-SA-3.0"),
    Speaker("allison-es", "es_MX_f_Allison", "es", "es-419", "Allison Smith, CC-BY-SA-3.0"),
    Speaker("june-fr", "fr_CA_f_June", "fr", "fr", "June Wallack, CC-BY-SA-3.0"),
    Speaker("carlo-it", "it_IT_m_Carlo", "it", "it", "Carlo Flora, CC-BY-SA-3.0"),
    SyllableSpeaker("chulo-zh", "5.ogg", "Chu Lo and ChionMeilin, CC-BY-3.0"),
    SyllableSpeaker("edward-zh", "3.ogg", "Edward Der-Hua Liu, LGPL-3"),
    Speaker("ivrvoice-ru", "ru_RU_f_IvrvoiceRU", "ru", "ru", "Maxim Topal, ivrvoice.ru, CC-BY-3.0", heldout=True),
)


@dataclass
class Recording:
    """A prompt and what is said in it."""

    sound: np.ndarray
    text: str


def decode_g722(paths: list[Path]) -> list[np.ndarray]:
    """G.722 files as 16 kHz sounds: one after the other through one ffmpeg, cut again by their lengths."""
    codes = [path.read_bytes() for path in paths]
    command = ["ffmpeg", "-v", "error", "-threads", "1", "-f", "g722", "-i", "-", "-f", "s16le", "-"]
    data = subprocess.run(command, input=b"".join(codes), capture_output=True, check=True).stdout
    sound = np.frombuffer(data, "<i2").astype(np.float32) / 32768
    ends = np.cumsum([2 * len(code) for code in codes])  # four bits a sample
    return np.split(sound[:ends[-1]], ends[:-1])


def texts(language: str) -> dict[str, str]:
    """What each prompt says, by its name."""
    package = f"asterisk-core-sounds-{language}"
    with gzip.open(_TEXTS / package / f"core-sounds-{language}.txt.gz", "rt", encoding="utf8", errors="ignore") as file:
        lines = [line for line in file if not line.startswith(";")]
    out: dict[str, str] = {}
    for line in lines:
        name, _, text = line.partition(":")
        text = text.strip().strip('"')
        if text and not re.search(r"[\[\]<>(){}]", text):
            out[name.strip()] = text
    return out


def librivox() -> list[Recording]:
    """A reader of "Sense and Sensibility", from pocketsphinx-testdata: real English that is never trained on."""
    out: list[Recording] = []
    for line in (_LIBRIVOX / "transcription").read_text().splitlines():
        found = re.fullmatch(r"<s> (.*) </s> \((.*)\)", line.strip())
        path = _LIBRIVOX / f"{found.group(2)}.wav" if found else None
        if found and path and path.exists():
            out.append(Recording(wavfile.read(path)[1].astype(np.float32) / 32768, found.group(1)))
    return out

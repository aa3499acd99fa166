"""flite and festival voices, with the segment times they print."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

from .grid import SAMPLE_RATE
from .phones import from_name
from .utterance import Segment, Utterance, spread_over

FLITE_VOICES = ("rms", "awb", "kal16", "kal", "slt")
FESTIVAL_VOICES: dict[str, tuple[str, str, str]] = {
    "ked_diphone": ("en", "cmu", "latin1"),
    "suo_fi_lj_diphone": ("fi", "finnish", "latin1"),
    "hy_fi_mv_diphone": ("fi", "finnish", "latin1"),
    "lp_diphone": ("it", "italian", "latin1"),
    "upc_ca_ona_hts": ("ca", "catalan", "latin1"),
    "msu_ru_nsh_clunits": ("ru", "russian", "utf8"),
}
"""Language, lexicon of `phones.LEXICONS`, and the encoding that the voice reads."""

_SCHEME = """
(define (say text stretch pitch out)
  (Parameter.set 'Duration_Stretch stretch)
  (unwind-protect
    (let ((u (utt.synth (eval (list 'Utterance 'Text text)))))
      (utt.wave.resample u 16000)
      (utt.save.wave u (string-append out ".wav") 'riff)
      (utt.save.segs u (string-append out ".lab")))
    nil))
"""


def _read(path: Path) -> np.ndarray:
    rate, data = wavfile.read(path)
    sound = data.astype(np.float32) / 32768
    return sound if rate == SAMPLE_RATE else resample_poly(sound, SAMPLE_RATE, rate).astype(np.float32)


def _segments(names_and_ends: list[tuple[str, float]], lexicon: str) -> list[Segment]:
    out: list[Segment] = []
    start = 0.0
    for name, end in names_and_ends:
        out += spread_over(from_name(name, lexicon), start, end)
        start = end
    return out


def flite(voice: str, text: str, stretch: float = 1.0) -> Utterance | None:
    """One sentence by a flite voice; None where flite says nothing."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        plain = re.sub(r"[^A-Za-z0-9 .,;:!?'-]", " ", text)
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch}", "-psdur", "-t", plain + " ", "-o", file.name]
        printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
        pairs = [pair.rsplit(":", 1) for pair in printed.split()]
        if not pairs:
            return None
        ends = [(name, float(end)) for name, end in pairs]
        return Utterance(_read(Path(file.name)), _segments(ends, "cmu"))


def festival(voice: str, texts: list[str], stretch: float = 1.0) -> list[Utterance]:
    """The sentences that the festival voice could speak."""
    _, lexicon, encoding = FESTIVAL_VOICES[voice]
    with tempfile.TemporaryDirectory() as folder:
        lines = [_SCHEME, f"(voice_{voice})"]
        for index, text in enumerate(texts):
            plain = text.replace('"', " ").replace("\\", " ")
            lines.append(f'(say "{plain}" {stretch} 0 "{folder}/{index:04d}")')
        script = Path(folder) / "say.scm"
        script.write_bytes("\n".join(lines).encode(encoding, "ignore"))
        subprocess.run(["festival", "-b", str(script)], capture_output=True, timeout=600, check=False)
        out: list[Utterance] = []
        for labels in sorted(Path(folder).glob("*.lab")):
            rows = [line.split() for line in labels.read_text("latin1").splitlines() if not line.startswith("#")]
            ends = [(row[2], float(row[0])) for row in rows if len(row) == 3]
            wave = labels.with_suffix(".wav")
            if ends and wave.exists():
                out.append(Utterance(_read(wave), _segments(ends, lexicon)))
        return out

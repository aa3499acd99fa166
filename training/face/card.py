"""Writes models/MODEL_CARD.md from what was measured: `python3 -m face.card --work DIR --models DIR`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .blendshapes import MOUTH
from .coarticulation import CONTACT_LEAD_S, JAW_LEAD_STEPS, LEAD_S
from .grid import STEP_RATE
from .recordings import SPEAKERS
from .targets import JAW_LEAD_S, LIP_LEAD_S
from .voices import ESPEAK_LANGUAGES, ESPEAK_VARIANTS, FESTIVAL, FLITE

_CARD = """# Model card: embedded-face

A small neural network that turns speech into a moving mouth: 16 kHz sound in, 30 frames a second out. It is what the server
animates with when no larger model is there. This card is written by `make model`; do not edit it.

* **In**: `audio_waveform` [batch, samples], 16 kHz, -1..1, 400 samples or more. NaN counts as silence.
* **Out**: `blendshapes` [batch, ceil(30 n / 16000), 52] by the readout `lam`; `features` [batch, frames, {features}] for other
  readouts; `visemes` [batch, frames, 15] probabilities of the Oculus visemes. Frame i belongs to the sound in [i/30, (i+1)/30) s.
* **Timing**: a frame hears {lookahead} ms beyond its end, and no more than 1.6 s back: sliding windows and one long pass agree
  (exactly where windows begin on every third frame, else but for half a sample).
* **Size**: {parameters} parameters, float32, ONNX opset 16; one thread, 2.1 s of sound: some 3 ms.
* **Licence**: MIT, like the project. The recordings heard in training are credited below.

## Method

Log-mel spectra (40 bands, 90 a second) are taken inside the graph, relative to the loudest of the last 0.9 s above 450 Hz, so that neither gain nor
the strength of a voice's fundamental matters. Convolutions over bands and time (whoever speaks, formants move together), a stem at 90 Hz and a causal dilated trunk at 30 Hz feed two heads: curves, and visemes. The curves are
those of an explicit coarticulation model (dominance functions {lead:.0f} ms ahead of the sound, the jaw {early:.0f}; lips that must meet, by
{contact:.0f} ms before a stop is heard), viseme activations smoothed over 80 ms, and vocal effort {lip:.0f} and {jaw:.0f} ms ahead; in pauses all of
them rest. A third head, phones, exists in training only.
A readout is a linear table from curves to blendshapes (`readouts/*.json`), made from the style that the full-size model was
measured to have, not fitted to any track of it; pucker, funnel and stretch are given the larger size of that model's other identity, and are
moved by rounding and spreading as much as by its table, so that o, u and ee are seen. A contact is heard by its own curve and by the viseme; where their averaged log odds
say more than {threshold}, it is made crisp. That threshold is the least closing with which the Russian speaker keeps .81 of her
bilabials and the Scottish voice .91 (`training/face/closing.py`): those two rows of the first table are chosen on, the others not.

## Data

{hours:.1f} hours of speech with the times of its phones, made by the pipeline ({steps} steps of 32 streams of 5 s):

* espeak-ng: {languages} languages and accents with {variants} voice variants, below half of the hours;
* flite: {flite}; festival: {festival};
* recordings{recorded}: {speakers}. Times by forced alignment with the phones of a first network, trained on synthetic voices only;
* vowels held for seconds, from a source and resonators; noise, hum, clicks and music that nobody speaks.

More than half of the natural voices' sentences are said by strangers: a vocoder takes them apart into pitch, voicing and envelope and draws
pitch, melody, vocal tract, breath and clarity anew. Then they are disturbed in the sound (speed, whispering, rooms, telephone, clipping,
Opus and MP3) and, anew in every batch, in the spectra (tempo, vocal tract, colour, the strength of what is low, exchange of long-term spectra
between voices, reverberation, noise, babble, narrow band, gain).
Held out: the speaker slt (in flite and in festival), an Italian festival voice, an accent of espeak-ng, a Russian speaker, a LibriVox reader.
No recording or voice under the GPL is trained on; the Finnish and the Catalan voice and a Mandarin speaker are under the LGPL, the other voices of
flite and festival under licences like BSD's. espeak-ng is under the GPL; what it says is not.

## Figures

{figures}
## Limits

* Leakage in silence is the opening in the two or three frames before speech begins, which the full-size model makes, too.
* Told apart from other voices, an unseen voice's p, b, m are missed or made up more often than one would like: see the table.
* Visemes are heard, not known: m and n, b and d, p and t are told apart by little more than a few hundredths of a second of sound.
* Real voices in training are few and read prompts; emotional, sung or overlapping speech was never heard.
* Brows, eyes, smile and head are not its business: liveliness is added by the server.
* Alignments of real recordings come from the same family of networks, so figures on them flatter it somewhat.
"""


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n\n"


def figures_of(measured: dict[str, dict]) -> str:
    """The figures as Markdown."""
    voices = measured["voices"]
    text = "Voices that were never trained on (recall and precision of bilabials: lips below 20 % of the voice's wide opening, 40 ms slack):\n\n"
    text += _table(
        ["voice", "15 visemes, frames right", "in speech", "bilabial recall", "precision", "bilabials"],
        [[name, *(f"{values[key]:.2f}" for key in ("accuracy", "speechAccuracy", "closureRecall", "closurePrecision")), str(values["bilabials"])]
         for name, values in voices.items()],
    )
    if "clips" in measured:
        keys = ["mean", *MOUTH]
        text += "Correlation with the full-size model's own tracks of two recordings (zero lag). Nothing was fitted to them, but they were\nlooked at while the readout, the leads, the range of effort and what the threshold spares were thought out, so they are not untouched:\n\n"
        text += _table(
            ["recording", "mean of 14", "jawOpen", "mouthLowerDown", "lead ms", "full-size lead ms", "leakage"],
            [[name, *(f"{values[key]:.2f}" for key in ("mean", "jawOpen", "mouthLowerDown")),
              *(f"{values[key]:.0f}" for key in ("leadMs", "referenceLeadMs")), f"{values['leakage']:.3f}"]
             for name, values in measured["clips"].items()],
        )
        plain = {name: values for name, values in measured["clips"].items() if "," not in name}
        text += _table(["channel", *plain], [[key, *(f"{values[key]:.2f}" for values in plain.values())] for key in keys])
        text += f"Sliding windows against one pass: features differ by {measured['seams']['max']:.4f} at most.\n\n"
    text += "Mean opening of the mouth where nobody speaks (running speech: about 0.25), and for one vowel held for a minute:\n\n"
    text += _table(["sound", "opening"], [[name, f"{value:.3f}"] for name, value in measured["badInput"].items()])
    return text


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    options = parser.parse_args()
    measured = json.loads((options.work / "evaluation.json").read_text())
    about = json.loads((options.models / "embedded-face.json").read_text())
    trained = about["trained"]
    recorded = trained["recordings"]
    speakers = "; ".join(f"{speaker.credit} ({speaker.language})" for speaker in SPEAKERS if not speaker.heldout)
    card = _CARD.format(
        features=len(about["featureNames"]), lookahead=about["lookaheadMs"], parameters=trained["parameters"],
        threshold=trained["thresholds"]["closure"], hours=trained["hours"], steps=trained["steps"], languages=len(ESPEAK_LANGUAGES),
        variants=len(ESPEAK_VARIANTS), flite=", ".join(FLITE), festival=", ".join(FESTIVAL),
        recorded="" if recorded else " (left out of this model)", speakers=speakers, figures=figures_of(measured),
        lead=LEAD_S * 1000, early=JAW_LEAD_STEPS / STEP_RATE * 1000, contact=CONTACT_LEAD_S * 1000, lip=LIP_LEAD_S * 1000, jaw=JAW_LEAD_S * 1000,
    )
    (options.models / "MODEL_CARD.md").write_text(card)


if __name__ == "__main__":
    main()

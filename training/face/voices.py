"""Which voices the corpus has, which are kept out of training, and how many sentences each of them says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ESPEAK_LANGUAGES = (
    "en-us en-gb-x-rp en-gb-x-gbclan en-us-nyc en-029 de fr fr-be it es es-419 pt pt-br ca ro nl af da sv nb is pl cs sk sl hr sr bg mk ru "
    "uk el tr hu fi et lv lt ga cy eu hi mr bn ta te ko ar fa id ms vi cmn sw ka hy eo"
).split()
ESPEAK_VARIANTS = (
    "m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt3 klatt4 klatt5 klatt6 whisper whisperf croak Alex Alicia "
    "Andrea Andy Annie Denis Diogo Gene Henrique Hugo Jacky Lee Marco Mario Michael Mike Nguyen adam anika antonio aunty "
    "belinda benjamin boris caleb david ed edward grandma grandpa gustave iven iven2 john kaukovalta linda marcelo max "
    "michel miguel norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 travis victor zac"
).split()
FLITE = ("rms", "awb", "kal16", "kal")
FESTIVAL = ("ked_diphone", "suo_fi_lj_diphone", "hy_fi_mv_diphone", "upc_ca_ona_hts", "msu_ru_nsh_clunits")
"""Without the voices whose sound is under the GPL: Czech, Italian, Hindi, Marathi, Telugu."""


@dataclass(frozen=True)
class Job:
    """A shard to be made: `count` sentences of one voice."""

    engine: str
    voice: str
    language: str
    count: int
    seed: int
    heldout: bool = False

    @property
    def name(self) -> str:
        """The shard's file name."""
        return f"{self.engine}-{self.voice}-{self.seed}".replace("+", "_")


HELD_OUT = (
    Job("flite", "slt", "en", 160, 900, True),
    Job("festival", "lp_diphone", "it", 80, 901, True),
    Job("espeak", "en-gb-scotland", "en", 80, 902, True),
)
"""Never trained on: the speaker slt (nor in festival's cmu_us_slt_arctic_hts), an Italian diphone voice, an accent of espeak-ng."""


def jobs(seed: int, size: float) -> list[Job]:
    """The corpus; `size` 1 is the full one of some 10 hours, with espeak-ng below half of it."""
    chance = np.random.default_rng(seed)
    out: list[Job] = []

    def add(engine: str, voice: str, language: str, count: float) -> None:
        out.append(Job(engine, voice, language, max(2, round(count)), seed * 1000 + len(out)))

    shards = max(3, round(90 * min(1.0, size * 4)))
    order = chance.permutation(np.resize(np.arange(len(ESPEAK_LANGUAGES)), shards))
    for index in order:
        language = ESPEAK_LANGUAGES[index]
        add("espeak", f"{language}+{chance.choice(ESPEAK_VARIANTS)}", language.split("-")[0], 50 * min(1, size * 4))
    for voice in FLITE:
        for _ in range(3 if size >= 1 else 1):
            add("flite", voice, "en", 220 * size * (0.6 if voice == "kal" else 1))
    languages = {"suo": "fi", "hy": "fi", "upc": "ca", "msu": "ru", "ked": "en"}
    for voice in FESTIVAL:
        for _ in range(2 if size >= 1 else 1):
            add("festival", voice, languages[voice.split("_")[0]], 180 * size)
    return out

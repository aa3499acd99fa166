"""What is said: quotes of Debian's fortune packages, written phrases, country names, and words rich in p b m f v."""

from __future__ import annotations

import gettext
import random
import re
from functools import lru_cache
from pathlib import Path

_FORTUNES = Path("/usr/share/games/fortunes")
_LOCALES = Path("/usr/share/locale")
_PHRASES = Path(__file__).resolve().parent.parent / "phrases.txt"
_FORTUNE_FILES: dict[str, tuple[str, ...]] = {
    "en": ("literature", "wisdom", "science", "people", "work", "education", "politics", "food", "pets", "art"),
    "bg": ("bg/*",), "cs": ("cs/*",), "de": ("de/sprichworte", "de/zitate", "de/anekdoten", "de/mathematiker",
    "de/gedichte"), "eo": ("eo/*",), "es": ("es/*.fortunes",), "ga": ("ga/*",),
    "it": ("it/adams", "it/formiche", "it/luke", "it/norm"), "pl": ("pl/puchatek", "pl/sapkowski", "pl/bajki",
    "pl/seneka", "pl/zen", "pl/nauka"), "pt": ("brasil",), "ru": ("ru/knowledge", "ru/time", "ru/work", "ru/success",
    "ru/friendship", "ru/book", "ru/citates", "ru/life", "ru/truth"), "sk": ("sk/*",),
}
_LOCALE_OF = {"pt": "pt_BR", "cmn": "zh_CN", "nb": "nb"}

# Written for this corpus: lips that close, touch the teeth, round, and what is easily mistaken for them.
_ENGLISH = """
Bob may put my paper map by the big apple pie.|Mum bought five brown paper bags from Pam.|Peter Piper picked a peck of
pickled peppers.|The problem with my bumper is mostly the paint.|Maybe Bobby will move the piano before May.|Five fine
vans moved very fast from the valley.|Dan did not need ten tin tents.|The night train to Denton leaves at nine.|Nobody
knew that Dad had tied nine knots.|Can you go and get the big green coat?|Oh no, who do you know in Toledo?|We see three
green trees near the sea.|She should show you the shop.|The judge changed the usual measure.|I think that the thin
leather is with Keith.|You were early for the early bird.|Blue moon, blue shoe, two new flutes.|Papa mama baba, papa
mama baba.|A boom, a beam, a bomb, a bump, a pump, a palm.|My name is Emma, and I am happy to meet you.|Hello! How can I
help you today?|Please give me a moment while I look that up.|That is a wonderful idea, thank you very much.|What time
would you like me to book the table?|The weather will be warm and a bit humid tomorrow.|Sorry, I did not quite get that.
Could you say it again?|Mad, nad, bad, dad, pat, tat, map, nap, tap, cap.|Beat, meat, neat, deep, teeth, peep.|Boot, moot,
newt, duty, tooth, poop.|Summer, sunny, Sunday, someone, something, simple.
""".replace("\n", " ").split("|")
_SYLLABLES = {
    "onset": ["p", "b", "m", "f", "v", "t", "d", "n", "k", "g", "s", "l", "r", "", "p", "b", "m", "f", "v", "sp", "pr", "bl"],
    "vowel": ["a", "e", "i", "o", "u", "a", "o", "ai", "ou"],
    "coda": ["", "", "", "", "m", "n", "p", "t", "s", "l", "b"],
}


def _clean(text: str) -> str:
    text = re.split(r"\n\s*--", text)[0]
    text = re.sub(r"\s+", " ", text).strip(" -\"'«»„“”>")
    return text if re.fullmatch(r"[\w\s.,;:!?'’\-]{8,160}", text) and not re.search(r"\d{3}|_|www", text) else ""


@lru_cache(maxsize=None)
def _fortunes(language: str) -> tuple[str, ...]:
    found: list[str] = []
    for pattern in _FORTUNE_FILES.get(language, ()):
        for path in sorted(_FORTUNES.glob(pattern)):
            if path.suffix in (".dat", ".u8") or path.is_dir():
                continue
            found += path.read_text("utf8", "ignore").split("\n%\n")
    return tuple(sorted({text for text in map(_clean, found) if text}))


@lru_cache(maxsize=None)
def _phrases(language: str) -> tuple[str, ...]:
    rows = [line.split("\t") for line in _PHRASES.read_text("utf8").splitlines() if not line.startswith("#")]
    return tuple(text for name, text in rows if name == language)


@lru_cache(maxsize=None)
def _countries(language: str) -> tuple[str, ...]:
    path = _LOCALES / _LOCALE_OF.get(language, language) / "LC_MESSAGES" / "iso_3166-1.mo"
    if not path.exists():
        return ()
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # noqa: SLF001: gettext offers no listing
    names = {value for key, value in catalogue.items() if isinstance(key, str) and key and 2 < len(value) < 40}
    return tuple(sorted(names))


def _nonsense(chance: random.Random) -> str:
    def word() -> str:
        return "".join(
            chance.choice(_SYLLABLES["onset"]) + chance.choice(_SYLLABLES["vowel"]) + chance.choice(_SYLLABLES["coda"])
            for _ in range(chance.randint(1, 3))
        )
    return " ".join(word() for _ in range(chance.randint(3, 7))).capitalize() + "."


def latin(language: str) -> bool:
    """Whether the language is written so that made-up Latin words can be read in it."""
    return language not in {
        "bg", "ru", "uk", "el", "hi", "mr", "te", "bn", "ta", "ka", "ko", "ja", "cmn", "ar", "fa", "he", "hy", "mk", "sr",
        "ur", "gu", "kn", "ml", "pa", "ne", "si", "am", "kk", "ky", "be", "th", "my",
    }


def sentence(language: str, chance: random.Random) -> str:
    """One sentence, or a list of names, or made-up words, of the language (an ISO 639 code without a region)."""
    quotes, names = _fortunes(language), _countries(language)
    kind = chance.random()
    if latin(language) and (kind < 0.12 or not (quotes or names)):
        return _nonsense(chance)
    if language == "en" and kind < 0.35:
        return chance.choice(_ENGLISH).strip()
    phrases = _phrases(language)
    if phrases and (kind < 0.5 or not names):
        return " ".join(chance.choice(phrases) for _ in range(chance.randint(1, 2)))
    if quotes and (kind < 0.85 or not names):
        return chance.choice(quotes)
    return ", ".join(chance.choice(names) for _ in range(chance.randint(2, 5))) + "."

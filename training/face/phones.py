"""Phone classes pooled over languages, and the maps of each synthesiser's names onto them."""

from __future__ import annotations

import unicodedata

PHONES: tuple[str, ...] = (
    "sil", "p", "b", "m", "f", "v", "th", "dh", "t", "d", "n", "s", "z", "sh", "zh", "ch", "jh",
    "k", "g", "ng", "l", "r", "w", "y", "h", "x",
    "i", "ih", "e", "eh", "ae", "a", "aa", "ah", "ax", "o", "ao", "u", "uh", "ue", "oe", "er",
)
"""The classes of the phone head; a label track stores an index into this tuple."""

INDEX: dict[str, int] = {name: index for index, name in enumerate(PHONES)}
SILENCE = INDEX["sil"]
VOICELESS_STOPS = frozenset(INDEX[name] for name in ("p", "t", "k", "ch"))
STOPS = VOICELESS_STOPS | frozenset(INDEX[name] for name in ("b", "d", "g", "jh"))
BILABIALS = frozenset(INDEX[name] for name in ("p", "b", "m"))
VOWELS = frozenset(range(INDEX["i"], len(PHONES)))

_IPA: dict[str, str] = {
    "p": "p", "b": "b", "m": "m", "ɓ": "b", "ɱ": "m", "f": "f", "v": "v", "ɸ": "f", "ʋ": "v", "β": "v",
    "ⱱ": "v", "θ": "th", "ð": "dh", "t": "t", "d": "d", "ʈ": "t", "ɖ": "d", "ɗ": "d", "c": "k", "ɟ": "g",
    "n": "n", "ɳ": "n", "ɲ": "n", "ŋ": "ng", "ɴ": "ng", "s": "s", "z": "z", "ʃ": "sh", "ʒ": "zh", "ʂ": "sh",
    "ʐ": "zh", "ɕ": "sh", "ʑ": "zh", "ç": "x", "ʝ": "y", "k": "k", "ɡ": "g", "g": "g", "q": "k", "ɢ": "g",
    "ʔ": "", "x": "x", "χ": "x", "ɣ": "g", "ʁ": "r", "ħ": "h", "ʕ": "h", "h": "h", "ɦ": "h", "ɧ": "sh",
    "l": "l", "ɫ": "l", "ɭ": "l", "ʎ": "l", "ɬ": "l", "ɮ": "l", "ɺ": "l", "r": "r", "ɹ": "r", "ɾ": "r",
    "ɽ": "r", "ɻ": "r", "ʀ": "r", "j": "y", "ɥ": "w", "w": "w", "ʍ": "w", "ɰ": "g", "ʦ": "ts", "ʧ": "ch",
    "ʣ": "dz", "ʤ": "jh", "ʨ": "ch", "ʥ": "jh",
    "i": "i", "ɪ": "ih", "ɨ": "ih", "ᵻ": "ih", "ɯ": "ih", "y": "ue", "ʏ": "ue", "ʉ": "u", "ø": "oe",
    "œ": "oe", "ɶ": "oe", "ɵ": "oe", "e": "e", "ɛ": "eh", "ɘ": "ax", "æ": "ae", "a": "a", "ɐ": "a",
    "ɑ": "aa", "ɒ": "ao", "ʌ": "ah", "ə": "ax", "ɜ": "er", "ɚ": "er", "ɝ": "er", "ɤ": "ah", "o": "o",
    "ɔ": "ao", "u": "u", "ʊ": "uh", "ɞ": "er",
}
_AFFRICATES = {("t", "sh"): "ch", ("d", "zh"): "jh"}


def from_ipa(text: str) -> list[str]:
    """The phone classes of an IPA string (one phone or a whole word); marks and stress are dropped."""
    names: list[str] = []
    for mark in unicodedata.normalize("NFD", text.replace("ç", "\u00e7")):
        if mark == "\u0327" and names and names[-1] == "k":  # c with a cedilla, decomposed
            names[-1] = "x"
            continue
        name = _IPA.get(mark)
        if not name:
            continue
        if names and (names[-1], name) in _AFFRICATES:
            names[-1] = _AFFRICATES[(names[-1], name)]
        elif name in ("ts", "dz"):
            names += [name[0], name[1]]
        else:
            names.append(name)
    return names


_CMU = {
    "pau": "sil", "h#": "sil", "brth": "sil", "ssil": "sil", "hh": "h", "hv": "h", "el": "l", "em": "m", "en": "n",
    "nx": "n", "dx": "d", "ey": "e ih", "ay": "a ih", "oy": "ao ih", "aw": "a uh", "ow": "o uh", "iy": "i",
    "uw": "u", "axr": "er", "ix": "ih", "q": "",
}
_FINNISH = {
    "#": "sil", "##": "sil", "a": "aa", "e": "e", "y": "ue", "@": "ae", "7": "oe", "&": "ax", "T": "th", "S": "sh",
    "Z": "zh", "D": "dh", "N": "ng", "L": "l", "j": "y",
}
_ITALIAN = {
    "#": "sil", "e": "e", "E": "eh", "a": "a", "o": "o", "O": "ao", "j": "y", "S": "sh", "Z": "zh", "ts": "t s",
    "tS": "ch", "dz": "d z", "dZ": "jh", "J": "n", "nf": "m", "L": "l",
}
_CATALAN = {
    "pau": "sil", "_": "", "ax": "ax", "a": "a", "e": "e", "E": "eh", "o": "o", "O": "ao", "i": "i", "u": "u", "j": "y",
    "J": "n", "L": "l", "rr": "r", "S": "sh", "Z": "zh",
}
_RUSSIAN = {
    "pau": "sil", "ii": "i", "yy": "ih", "uu": "u", "ee": "e", "oo": "o", "aa": "a", "a": "a", "e": "eh", "i": "ih",
    "y": "ih", "u": "u", "ae": "eh", "ay": "a", "ur": "u", "c": "t s", "sch": "sh", "h": "x", "hh": "x", "j": "y",
}
LEXICONS: dict[str, dict[str, str]] = {
    "cmu": _CMU, "finnish": _FINNISH, "italian": _ITALIAN, "catalan": _CATALAN, "russian": _RUSSIAN,
}


def from_name(name: str, lexicon: str) -> list[str]:
    """The phone classes of a synthesiser's phone name; two for a diphthong or an affricate.

    Raises KeyError for a name that neither the lexicon nor PHONES knows.
    """
    table = LEXICONS[lexicon]
    for candidate in (name, name.rstrip(":1")):
        if candidate in table:
            return table[candidate].split()
        if candidate in INDEX:
            return [candidate]
    if len(name) == 2 and name[0] == name[1] and name[0] in INDEX:  # palatalised in Russian
        return [name[0]]
    raise KeyError(f"{lexicon} has no phone {name!r}")

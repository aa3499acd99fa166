import unittest

import numpy as np
import torch

from face import readouts
from face.alignment import align
from face.blendshapes import MOUTH, columns
from face.embedded import EmbeddedFace
from face.evaluate import sliding
from face.export import THRESHOLDS, check
from face.features import log_mel
from face.metrics import Closures, aperture, lead_ms
from face.network import FaceNetwork, lookahead_ms
from face.phones import INDEX, PHONES
from face.targets import FEATURES


class Embedded(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        torch.manual_seed(1)
        cls.face = EmbeddedFace(FaceNetwork().eval(), readouts.lam(), THRESHOLDS).eval()
        cls.sound = np.random.default_rng(2).normal(0, 0.1, 60_000).astype(np.float32)

    def test_keeps_the_contract_for_any_sound(self) -> None:
        check(self.face)

    def test_hears_spectra_as_the_corpus_does(self) -> None:
        heard = self.face.ears(torch.from_numpy(self.sound)[None])[0].numpy()
        self.assertLess(np.abs(heard - log_mel(self.sound)).max(), 1e-3)

    def test_sliding_windows_say_what_one_long_pass_says(self) -> None:
        self.assertLess(sliding(self.face, self.sound).max(), 0.02)

    def test_looks_ahead_no_further_than_it_says(self) -> None:
        frame = 30
        end = (frame + 1) * 1600 // 3 + int(lookahead_ms() * 16) + 2
        changed = self.sound.copy()
        changed[end:] = 0
        before, after = self.face.hear(self.sound)[1], self.face.hear(changed)[1]
        self.assertLess(np.abs(before - after)[:frame + 1].max(), 1e-5)
        self.assertLessEqual(lookahead_ms(), 80)

    def test_does_not_know_the_level(self) -> None:
        loud, soft = self.face.hear(self.sound)[1], self.face.hear(self.sound * 0.2)[1]
        self.assertLess(np.abs(loud - soft).max(), 0.02)


class Readouts(unittest.TestCase):
    def test_name_features_and_columns_there_are(self) -> None:
        for readout in (readouts.lam(), readouts.arkit()):
            for name, channel in readout["channels"].items():
                columns(name)
                self.assertTrue(set(channel["terms"]) <= set(FEATURES))
        self.assertTrue(set(MOUTH) <= set(readouts.lam()["channels"]))

    def test_shut_the_lips_at_a_bilabial_between_vowels(self) -> None:
        vowel, bilabial = np.zeros((2, 1, len(FEATURES)), np.float32)
        for name, value in {"aa": 0.8, "aperture": 0.8, "jaw": 0.8, "loudness": 0.9, "jawEffort": 0.7, "apertureEffort": 0.7}.items():
            vowel[0, FEATURES.index(name)] = value
        for name, value in {"aa": 0.2, "PP": 0.4, "aperture": 0.2, "jaw": 0.2, "loudness": 0.5, "jawEffort": 0.1, "closure": 1.0}.items():
            bilabial[0, FEATURES.index(name)] = value
        for readout in (readouts.lam(readouts.calibrate(vowel)), readouts.arkit()):
            wide, shut = (aperture(readouts.apply(readout, each))[0] for each in (vowel, bilabial))
            self.assertLess(shut, 0.2 * wide)


class Alignment(unittest.TestCase):
    def test_finds_words_and_the_pause_between_them(self) -> None:
        said = ["sil"] * 5 + ["m"] * 6 + ["a"] * 9 + ["sil"] * 7 + ["p"] * 5 + ["u"] * 8 + ["sil"] * 4
        posteriors = np.full((len(said), len(PHONES)), -6.0)
        posteriors[np.arange(len(said)), [INDEX[name] for name in said]] = -0.1
        found = align(posteriors, [["m", "a"], ["p", "u"]], np.full(len(PHONES), 1 / len(PHONES)))
        assert found is not None
        self.assertEqual([PHONES[index] for index in found.track], said)
        self.assertIsNone(align(posteriors[:5], [["m", "a"]] * 9, np.full(len(PHONES), 0.02)))


class Metrics(unittest.TestCase):
    def test_a_curve_that_is_early_leads(self) -> None:
        envelope = np.sin(np.arange(200) / 5)
        self.assertAlmostEqual(lead_ms(envelope[2:], envelope[:-2]), 66.7, delta=5)

    def test_counts_closures_met_and_made_up(self) -> None:
        counts = Closures()
        low = np.zeros(60, bool)
        low[[15, 40]] = True
        counts.add(low, [(0.5, 0.56), (1.0, 1.05)], np.zeros(60, bool))
        self.assertEqual((counts.recall, counts.precision), (0.5, 0.5))


if __name__ == "__main__":
    unittest.main()

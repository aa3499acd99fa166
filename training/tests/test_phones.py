import unittest

from face.mandarin import phones_of
from face.phones import INDEX, LEXICONS, from_ipa, from_name
from face.utterance import Utterance, spread_over
from face.visemes import OF_PHONE, TARGET, VISEMES

import numpy as np


class Phones(unittest.TestCase):
    def test_reads_ipa_with_stress_length_and_affricates(self) -> None:
        self.assertEqual(from_ipa("ˈtʃɜːtʃ"), ["ch", "er", "ch"])
        self.assertEqual(from_ipa("pʰɑ̃ː"), ["p", "aa"])
        self.assertEqual(from_ipa("ç"), ["x"])

    def test_reads_the_names_of_every_synthesiser(self) -> None:
        self.assertEqual(from_name("ay", "cmu"), ["a", "ih"])
        self.assertEqual(from_name("p:", "finnish"), ["p"])
        self.assertEqual(from_name("a1", "catalan"), ["a"])
        self.assertEqual(from_name("pp", "russian"), ["p"])
        with self.assertRaises(KeyError):
            from_name("??", "cmu")

    def test_reads_mandarin_syllables_in_zhuyin(self) -> None:
        spelled = {"ㄊㄢ3": "t a n", "ㄇㄧㄢ2": "m y eh n", "ㄕ4": "sh ih", "ㄨㄛ3": "w o", "ㄦ2": "aa er", "ㄒㄩㄥ2": "sh y u ng"}
        for syllable, phones in spelled.items():
            self.assertEqual(phones_of(syllable), phones.split())
        with self.assertRaises(KeyError):
            phones_of("x")

    def test_maps_only_onto_classes_there_are(self) -> None:
        for table in LEXICONS.values():
            for value in table.values():
                for name in value.split():
                    self.assertIn(name, INDEX)

    def test_gives_every_phone_a_viseme_and_targets_within_reach(self) -> None:
        self.assertEqual(set(OF_PHONE), set(range(len(VISEMES))))
        self.assertTrue((TARGET >= 0).all() and (TARGET <= 1).all())

    def test_splits_a_diphthong_without_a_gap(self) -> None:
        first, second = spread_over(["a", "ih"], 1.0, 2.0)
        self.assertEqual(first[2], second[1])
        self.assertEqual((first[1], second[2]), (1.0, 2.0))

    def test_tracks_the_phones_of_an_utterance(self) -> None:
        said = Utterance(np.zeros(16_000, np.float32), [(INDEX["m"], 0.2, 0.4)])
        track = said.phone_track()
        self.assertEqual(len(track), 90)
        self.assertEqual(int((track == INDEX["m"]).sum()), 18)


if __name__ == "__main__":
    unittest.main()

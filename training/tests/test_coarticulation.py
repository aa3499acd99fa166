import unittest

import numpy as np

from face.coarticulation import articulation, closure, earlier, effort, labiodental, runs, speaking
from face.phones import INDEX
from face.visemes import ARTICULATORS


def track(*parts: tuple[str, int]) -> np.ndarray:
    return np.concatenate([np.full(count, INDEX[name], np.int8) for name, count in parts])


class Coarticulation(unittest.TestCase):
    def test_lips_meet_at_every_bilabial_however_short(self) -> None:
        for steps in range(2, 12):
            said = track(("a", 20), ("b", steps), ("a", 20))
            self.assertGreater(closure(said)[20:20 + steps].max(), 0.8)
            self.assertEqual(closure(said)[:10].max(), 0)

    def test_lips_do_not_meet_at_f_nor_touch_the_teeth_at_p(self) -> None:
        self.assertEqual(closure(track(("a", 20), ("f", 8), ("a", 20))).max(), 0)
        self.assertEqual(labiodental(track(("a", 20), ("p", 8), ("a", 20))).max(), 0)

    def test_the_mouth_leads_the_sound(self) -> None:
        jaw = articulation(track(("sil", 40), ("a", 20), ("sil", 40)))[:, 0]
        self.assertLess(int(jaw.argmax()), 50)
        self.assertGreater(jaw[38], 0.3)

    def test_a_mouth_rests_in_pauses_and_leaves_its_rest_shortly_before_it_speaks(self) -> None:
        awake = speaking(track(("sil", 60), ("a", 20), ("sil", 9), ("a", 20), ("sil", 60)))
        self.assertEqual(awake[:45].max(), 0)
        self.assertEqual(awake[54:118].min(), 1)
        self.assertEqual(awake[130:].max(), 0)

    def test_the_lips_have_met_before_a_stop_is_heard(self) -> None:
        self.assertGreater(closure(track(("a", 20), ("p", 8), ("a", 20)))[18], 0.99)

    def test_rounding_begins_before_its_vowel(self) -> None:
        rounding = articulation(track(("a", 20), ("t", 6), ("u", 20)))[:, ARTICULATORS.index("rounding")]
        self.assertGreater(rounding[20], 0.3)

    def test_effort_does_not_know_the_level(self) -> None:
        level = 10 * np.sin(np.arange(200) / 9) - 30
        bounds = np.array([0, 200])
        self.assertTrue(np.allclose(effort(level, bounds), effort(level - 25, bounds), atol=1e-5))

    def test_shifts_and_runs(self) -> None:
        self.assertEqual(list(earlier(np.arange(5.0), 2 / 90)), [2, 3, 4, 4, 4])
        self.assertEqual(runs(np.array([1, 1, 2])), [(1, 0, 2), (2, 2, 3)])


if __name__ == "__main__":
    unittest.main()

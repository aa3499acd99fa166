import tempfile
import unittest
from pathlib import Path

import numpy as np

from face import nonspeech, shards
from face.augmentation import clip, room, speed, telephone, whisper
from face.phones import INDEX
from face.revoice import pitch, revoice
from face.sustained import held_vowel
from face.utterance import Utterance, close_before_burst


class Sound(unittest.TestCase):
    def setUp(self) -> None:
        self.chance = np.random.default_rng(4)
        self.sound = self.chance.normal(0, 0.1, 16_000).astype(np.float32)

    def test_disturbed_sound_keeps_its_length_and_stays_finite(self) -> None:
        for changed in (whisper(self.sound, self.chance, 1.0), room(self.sound, self.chance), telephone(self.sound, self.chance),
                        clip(self.sound, self.chance)):
            self.assertEqual(len(changed), len(self.sound))
            self.assertTrue(np.isfinite(changed).all())

    def test_a_stranger_speaks_as_long_and_as_loud_whatever_the_sound(self) -> None:
        sounds = (self.sound, self.sound[:2049], self.sound[:100], np.zeros(9000, np.float32), held_vowel(1.0, self.chance).sound)
        for sound in sounds:
            changed = revoice(sound, self.chance)
            self.assertEqual(changed.shape, sound.shape)
            self.assertTrue(np.isfinite(changed).all())
            self.assertAlmostEqual(float((changed ** 2).mean()), float((sound ** 2).mean()), places=3)

    def test_finds_the_pitch_of_pulses_and_none_in_noise(self) -> None:
        pulses = np.zeros(16_000, np.float32)
        pulses[::80] = 1
        hertz, periodic = pitch(pulses)
        self.assertAlmostEqual(float(np.median(hertz)), 200, delta=2)
        self.assertGreater(np.median(periodic), 0.9)
        self.assertLess(np.median(pitch(self.sound)[1]), 0.3)

    def test_phones_move_with_the_speed_of_the_sound(self) -> None:
        slow = speed(Utterance(self.sound, [(INDEX["m"], 0.2, 0.4)]), 80)
        self.assertAlmostEqual(len(slow.sound) / 16_000, 1.25, places=2)
        self.assertAlmostEqual(slow.segments[0][2], 0.5)

    def test_what_nobody_speaks_stays_within_full_scale(self) -> None:
        for _ in range(12):
            sound = nonspeech.anything(1.0, self.chance)
            self.assertTrue(np.isfinite(sound).all() and np.abs(sound).max() <= 1.001)

    def test_a_held_vowel_is_one_phone_as_long_as_it_sounds(self) -> None:
        said = held_vowel(2.0, self.chance)
        self.assertEqual(len(said.segments), 1)
        self.assertAlmostEqual(len(said.sound) / 16_000, 2.6, places=2)

    def test_a_voiceless_stop_gets_the_silence_before_its_burst(self) -> None:
        sound = self.sound.copy()
        sound[4800:6400] = 0
        before = [(INDEX["a"], 0.0, 0.4), (INDEX["p"], 0.4, 0.45), (INDEX["a"], 0.45, 1.0)]
        vowel, stop, _ = close_before_burst(before, sound)
        self.assertAlmostEqual(stop[1], 0.3, delta=0.02)
        self.assertEqual(vowel[2], stop[1])

    def test_a_shard_comes_back_as_it_was_written(self) -> None:
        shard = shards.shard_of("v", [Utterance(self.sound, [(INDEX["m"], 0.2, 0.4)]), held_vowel(0.5, self.chance)])
        with tempfile.TemporaryDirectory() as folder:
            shards.write(Path(folder) / "a.npz", shard)
            back, = shards.read_all(Path(folder))
        self.assertEqual(back.voice, "v")
        self.assertTrue((back.mel == shard.mel).all() and (back.phone == shard.phone).all() and (back.bounds == shard.bounds).all())


if __name__ == "__main__":
    unittest.main()

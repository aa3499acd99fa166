import random
import unittest

from face.corpus import HELD_OUT_TEXT, texts
from face.sentences import sentence
from face.voices import HELD_OUT, Job, jobs


class Sentences(unittest.TestCase):
    def test_the_same_seed_says_the_same(self) -> None:
        say = [sentence("fr", random.Random(3)) for _ in range(2)]
        self.assertEqual(say[0], say[1])
        self.assertTrue(say[0].strip())

    def test_voices_held_out_say_what_no_other_voice_says(self) -> None:
        kept = set(texts(Job("flite", "slt", "en", 40, 1, True), random.Random(1)))
        others = set(texts(Job("flite", "rms", "en", 200, 2), random.Random(2)))
        self.assertGreater(len(kept), 30)
        self.assertFalse(kept & others)
        self.assertGreater(HELD_OUT_TEXT, 1)

    def test_no_voice_held_out_is_in_the_corpus(self) -> None:
        held_out = {job.voice for job in HELD_OUT}
        self.assertFalse(held_out & {job.voice.split("+")[0] for job in jobs(1, 1)})

    def test_the_full_corpus_names_each_shard_once(self) -> None:
        names = [job.name for job in jobs(1, 1)]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()

import unittest

import numpy as np

from face.features import log_mel
from face.grid import STEPS_PER_FRAME, frame_count, step_centre


class Grid(unittest.TestCase):
    def test_counts_frames_as_the_contract_does(self) -> None:
        for samples, frames in ((400, 1), (533, 1), (534, 2), (1600, 3), (16_000, 30), (34_133, 64)):
            self.assertEqual(frame_count(samples), frames)

    def test_puts_three_steps_into_each_frame(self) -> None:
        for frame in range(200):
            for step in range(STEPS_PER_FRAME):
                self.assertEqual(step_centre(frame * STEPS_PER_FRAME + step) * 3 // 1600, frame)

    def test_hears_a_sound_from_any_frame_on_as_from_its_beginning(self) -> None:
        sound = np.random.default_rng(1).normal(0, 0.1, 16_000).astype(np.float32)
        whole = log_mel(sound)
        part = log_mel(sound[1600:])
        self.assertLess(np.abs(part[3:60] - whole[12:69]).max(), 1e-3)


if __name__ == "__main__":
    unittest.main()

"""The embedded face model: corpus, training, export, evaluation."""

"""Lecture mode: algorithms at work, moment by moment, large enough for a lecture hall."""

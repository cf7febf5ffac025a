"""Measurements, apart from the tests because they need a quiet machine."""

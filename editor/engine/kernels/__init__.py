"""Compiled inner loops: the machine below the mathematics."""

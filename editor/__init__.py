"""Patina edits photographs and videos with their own pixels."""

__version__ = "0.1.0"

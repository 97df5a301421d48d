"""Clips in and out: any frame exactly, whatever the file; a written file loops as it should."""

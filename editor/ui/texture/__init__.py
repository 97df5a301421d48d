"""The stage of Texture mode: the sample beside what grows from it."""

"""One gesture each, in image coordinates: what the hand does, without knowing about widgets."""

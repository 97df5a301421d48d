"""The algorithms: arrays in, Steps out. Nothing here knows Qt or any other part of the editor."""

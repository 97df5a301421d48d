"""What Restore mode shows beside the canvas: the curves of a fit, and its checkpoints as a film."""

"""What Restore mode shows: the curves of a fit and its checkpoints as a film; two that race."""

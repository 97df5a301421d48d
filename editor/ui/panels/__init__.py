"""What stands to the right of the canvas: options, mask, history."""

"""What a generator of pauses or Steps comes to."""


def ended(generator):
    """What it returns."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value

"""Seam carving as the paper has it, seam by seam and pixel by pixel, for tests."""

import numpy as np


def order_of(grey, bias):
    """The number with which each pixel goes; forward energy, every sum done anew for each seam."""
    height, width = grey.shape
    columns = np.tile(np.arange(width), (height, 1))
    order = np.empty((height, width), int)
    for number in range(width):
        seam, _ = cheapest(grey, bias)
        for y, x in enumerate(seam):
            order[y, columns[y, x]] = number
        grey, bias, columns = (without(array, seam) for array in (grey, bias, columns))
    return order


def cheapest(grey, bias):
    """The columns of the cheapest seam, top to bottom, and its cost."""
    height, width = grey.shape
    padded = np.pad(grey, ((0, 0), (1, 1)), mode="edge")
    sums, turns = np.zeros_like(grey), np.zeros(grey.shape, int)
    for y in range(height):
        for x in range(width):
            left, right = padded[y, x], padded[y, x + 2]
            cost = abs(right - left)  # C_U
            best, turn = np.float32(0), 0
            if y > 0:
                up = grey[y - 1, x]
                best = sums[y - 1, x]
                choices = [(sums[y - 1, x] + cost, 0)]
                if x > 0:  # C_L
                    choices.append((sums[y - 1, x - 1] + (cost + abs(up - left)), -1))
                if x + 1 < width:  # C_R
                    choices.append((sums[y - 1, x + 1] + (cost + abs(up - right)), 1))
                best, turn = min(choices, key=lambda choice: choice[0])
                sums[y, x] = best + bias[y, x]
            else:
                sums[y, x] = cost + bias[y, x]
            turns[y, x] = turn
    x = int(np.argmin(sums[-1]))
    cost, seam = sums[-1, x], [x]
    for y in range(height - 1, 0, -1):
        x += turns[y, x]
        seam.append(x)
    return seam[::-1], cost


def without(array, seam):
    """The array with one pixel less in each row."""
    keep = np.ones(array.shape, bool)
    keep[np.arange(len(seam)), seam] = False
    return array[keep].reshape(len(seam), -1)

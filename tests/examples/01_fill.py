"""Mend a scratch: the whole of it in three lines."""

import numpy as np

from editor.engine.device import Device
from editor.engine.step import last
from editor.operations import Fill, Scene

photo = np.tile(np.linspace(40, 200, 96).astype(np.uint8)[None, :, None], (64, 1, 3))
mask = np.zeros((64, 96), bool)
mask[20:22, 5:90] = True
photo[mask] = 255  # the scratch

patch = last(Fill(seed=1).steps(Scene(image=photo, hole=mask), Device.best()))
result = patch.on(photo)

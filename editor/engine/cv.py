"""OpenCV, imported the one safe way; everybody else says ``from editor.engine.cv import cv2``.

Trap: importing cv2 sets two Qt variables that point child processes and Qt's own error messages at
OpenCV's bundled Qt 5, so they are taken back; and the picture size limit is read only at import.
"""

import os

MAX_PIXELS = 512_000_000  # the largest picture that is decoded unless the person raises it

os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))
_before = {name: os.environ.get(name) for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")}

import cv2  # noqa: E402

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

# Its own threads would not know how many the person allows, and the window's small conversions
# would wait until the second one is given a processor: 0.5 ms instead of 0.02 beside a solve.
cv2.setNumThreads(1)

__all__ = ["MAX_PIXELS", "cv2"]

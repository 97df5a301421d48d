"""200 times: open, start a fill, close while it works; every process must end with code 0 in 1 s"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

_TIMES = 200
_CHILD = """
import random, sys, time
from editor import guard
guard.prepare()
import numpy as np
from PySide6.QtCore import QTimer
from editor.app import Parts, application
random.seed(int(sys.argv[1]))
app = application()
parts = Parts(app)
parts.window.show()
mask = np.zeros((1500, 2000), np.uint8)
mask[200:1300, 300:1700] = 255
document = parts.session.add(np.zeros((1500, 2000, 3), np.uint8), "a.png", masks={"mask": mask})
document.history.mark_saved(document.history.now)

def close():
    print(time.monotonic(), flush=True)
    parts.window.files._quitting = True
    parts.window.close()

QTimer.singleShot(0, parts.window.edit.do_go)
QTimer.singleShot(int(random.uniform(0, 700)), close)
app.exec()
sys.exit(parts.end())
"""


def main(times: int = _TIMES) -> None:
    codes: dict[int, int] = {}
    waits = []
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PATINA_HOME": home}
        began = time.perf_counter()
        for run in range(times):
            ended = subprocess.run(
                [sys.executable, "-c", _CHILD, str(run)],
                env=environment,
                capture_output=True,
                text=True,
            )
            codes[ended.returncode] = codes.get(ended.returncode, 0) + 1
            if ended.returncode == 0:
                waits.append(time.monotonic() - float(ended.stdout.split()[0]))
            else:
                print(ended.stderr, file=sys.stderr)
    print("| exit code | times |\n|---|---|")
    for code, count in sorted(codes.items()):
        print(f"| {code} | {count} |")
    print(f"\nslowest end after closing: {max(waits):.2f} s (goal 1 s);", end=" ")
    print(f"{(time.perf_counter() - began) / times:.2f} s a cycle")


if __name__ == "__main__":
    main()

"""torch is loaded in pieces that other threads do not feel, and no compiler along with it."""

import os
import subprocess
import sys
from pathlib import Path

_CODE = """
import gc, sys
import OpenImageIO
from editor.engine.torch_library import load_torch
load_torch()
load_torch()
from editor.engine import prior
prior.warm_up()
print("torch" in sys.modules, "torch._dynamo" in sys.modules, gc.isenabled(), gc.get_freeze_count())
"""


def test_torch_is_there_its_compiler_is_not_and_its_objects_are_not_looked_through():
    root = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", _CODE]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert ended.stderr == ""  # libraries complain there of objects that are never let go of
    said = ended.stdout.split()
    assert said[:3] == ["True", "False", "True"]
    assert int(said[3]) > 50_000

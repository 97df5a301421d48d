"""Every test runs without a screen, without the person's home and without a GPU.

Only tests marked ``gpu`` use a CUDA card; they are skipped where there is none.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# Before anything imports Qt or numba: both read these only once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).resolve().parent.parent / "build" / "numba")
)

import hypothesis
import numpy as np
import pytest

from editor import guard, rehearsal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from editor.model.document import Document
    from editor.session import Session

guard.prepare()
if "PYTEST_XDIST_WORKER" not in os.environ and rehearsal.needed():
    rehearsal.main()  # once, so that no test waits for a compiler and no two compile the same

# What the collector finds it lets go of in the thread that it happens to run in. A document that a
# test has made may be among it, or a widget, which Qt does not survive in any thread but its own.
gc.disable()
_MUCH = 50_000  # things more than there were after the last collection

hypothesis.settings.register_profile(
    "patina",
    deadline=None,  # a first example may compile a kernel
    derandomize="CI" in os.environ,
    database=None,
)
hypothesis.settings.load_profile("patina")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, logs and recovery folders of a test are its own and empty."""
    monkeypatch.setenv("PATINA_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def session(qapp: "QApplication") -> "Iterator[Session]":
    """The conductor without a window; at the end its documents are closed and no thread is left."""
    from editor.session import Session
    from tests.gated import GATES

    session = Session(device="cpu", threads=1)
    yield session
    for _, go_on in GATES.values():
        go_on.set()
    GATES.clear()
    for document in session.documents:
        session.close_document(document)
    assert session.shut_down()


@pytest.fixture
def document(session: "Session") -> "Document":
    """A black picture that the session has open, with a mask of 4 × 6 pixels."""
    mask = np.zeros((20, 30), np.uint8)
    mask[5:9, 6:12] = 255
    return session.add(np.zeros((20, 30, 3), np.uint8), "grey.png", masks={"mask": mask})


def pytest_runtest_logfinish() -> None:
    """Collect between two tests, in the thread that runs them."""
    if gc.get_count()[0] > _MUCH:
        gc.collect()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked:
        return
    from editor.engine.device import Device

    if Device.best().kind != "cuda":
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="there is no CUDA card here"))

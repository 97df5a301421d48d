"""Everything here draws or measures text: Qt ends the process where there is no application."""

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    pass

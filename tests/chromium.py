"""A real browser for tests of pages: Chromium without a window, driven over its DevTools pipe.

https://chromedevtools.github.io/devtools-protocol: JSON messages that end in a zero byte, written
to the browser's file 3 and read from its file 4. Nothing but the standard library is needed.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import selectors
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

_PATIENCE = 60.0  # seconds that the browser may take for one answer
_FREE = 10  # a file number above all that are given new places


def found() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Page:
    """One page of a browser."""

    def __init__(self, to: int, since: int) -> None:
        self._to, self._since, self._asked, self._begun = to, since, 0, b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(since, selectors.EVENT_READ)
        self._session: dict[str, str] = {}
        self.requests: list[str] = []  # every address that was asked for
        self.complaints: list[str] = []  # what the page threw or wrote as an error
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Give an order and wait for what is answered."""
        self._asked += 1
        order = {"id": self._asked, "method": method, "params": params} | self._session
        os.write(self._to, json.dumps(order).encode() + b"\0")
        while (answer := self._heard()).get("id") != self._asked:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, path: Path) -> None:
        """Open a file, and wait until all of it is there."""
        self.ask("Page.navigate", url=path.as_uri())
        self.until("document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """The value of an expression in the page; of a promise, what it promised."""
        told = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in told:
            raise RuntimeError(told["exceptionDetails"]["exception"]["description"])
        return told["result"].get("value")

    def until(self, condition: str, seconds: float = _PATIENCE) -> None:
        """Wait, frame by frame, until something is so in the page."""
        self.run(f"""new Promise((done, failed) => {{
          const since = performance.now();
          const look = () => {{
            if ({condition}) done();
            else if (performance.now() - since > {1000 * seconds}) failed(Error("it never was"));
            else requestAnimationFrame(look);
          }};
          look();
        }})""")

    def point(self, x: float, y: float) -> None:
        """Move the mouse."""
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def touch(self, *places: tuple[float, float]) -> None:
        """Put a finger down, draw it along, and lift it."""
        for number, (x, y) in enumerate(places):
            kind = "touchMove" if number else "touchStart"
            self.ask("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y}])
        self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def resize(self, width: int, height: int, pixels: float = 1.0) -> None:
        """Give the page another size, and so many pixels of the screen for each of its own."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height,
            deviceScaleFactor=pixels, mobile=False,
        )  # fmt: skip

    def prefer(self, **features: str) -> None:
        """What the person prefers: ``color_scheme="dark"``."""
        told = [{"name": f"prefers-{name}".replace("_", "-"), "value": value}
                for name, value in features.items()]  # fmt: skip
        self.ask("Emulation.setEmulatedMedia", features=told)

    def screenshot(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def _heard(self) -> dict[str, Any]:
        """The next message, which is looked at for what the tests want to know."""
        until = time.monotonic() + _PATIENCE
        while b"\0" not in self._begun:
            if not self._selector.select(until - time.monotonic()):
                raise TimeoutError("the browser does not answer")
            more = os.read(self._since, 1 << 20)
            if not more:
                raise RuntimeError("the browser has gone")
            self._begun += more
        message, _, self._begun = self._begun.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        about = told.get("params", {})
        if told.get("method") == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(about["exceptionDetails"]["text"])
        elif told.get("method") == "Log.entryAdded" and about["entry"]["level"] == "error":
            self.complaints.append(about["entry"]["text"])
        return told


@contextmanager
def page(browser: str, home: Path) -> Iterator[Page]:
    """A page of a browser of its own, which keeps what it keeps in a folder."""
    theirs, to = _raised(os.pipe())
    since, answers = _raised(os.pipe())
    command = [
        browser, "--headless", "--remote-debugging-pipe", f"--user-data-dir={home}",
        "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
        "--disable-component-update", "--disable-gpu", "--disable-dev-shm-usage",
        "--hide-scrollbars", "--window-size=800,600",
    ]  # fmt: skip
    if os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium refuses one to root
    files = [
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, theirs, 3),
        (os.POSIX_SPAWN_DUP2, answers, 4),
    ]
    process = os.posix_spawn(browser, command, dict(os.environ), file_actions=files)
    os.close(theirs)
    os.close(answers)
    try:
        opened = Page(to, since)
        yield opened
        opened.ask("Browser.close")
    finally:
        os.close(to)  # it leaves when nobody can ask it anything more
        os.close(since)
        os.waitpid(process, 0)


def _raised(pipe: tuple[int, int]) -> tuple[int, int]:
    """The same pipe under numbers that the new places do not take away."""
    low, high = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FREE) for end in pipe)
    for end in pipe:
        os.close(end)
    return low, high

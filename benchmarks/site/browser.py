"""A Chromium without a window, driven over its own pipe: pages opened, timed and read.

Nothing but files is read, and what a page asks for is known twice: by the browser's events and by
its network log. Speaks the browser's debugging protocol: JSON, each message ended by NUL.
"""

import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe", "--hide-scrollbars"),
)
# The descriptors that the browser reads from and writes to.
_READS, _WRITES = 3, 4
# Who asks in the network log when no page does.
_ITSELF = "not an origin"
# Gathers the ends of tasks that held the page up; such a task takes 50 ms or more.
_LONG_TASKS = """
window.heldUpUntil = 0;
new PerformanceObserver(list => {
  for (const task of list.getEntries())
    window.heldUpUntil = Math.max(window.heldUpUntil, task.startTime + task.duration);
}).observe({type: "longtask", buffered: true});"""
# Milliseconds from navigation until contents stood and no long task ran, told half a second later.
_INTERACTIVE = """
new Promise(done => {
  const look = () => {
    const shown = performance.getEntriesByName("first-contentful-paint")[0];
    const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
    const since = Math.max(loaded, shown ? shown.startTime : Infinity, window.heldUpUntil);
    if (loaded && performance.now() > since + 500) done(since);
    else setTimeout(look, 50);
  };
  look();
})"""


class BrowserError(RuntimeError):
    """The browser ended, did not answer in time or refused a command."""


def chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def asked_for(log: Path) -> list[str]:
    """Return the addresses in a network log of Chromium that a page asked for."""
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    asked = [event["params"] for event in events if "url" in event.get("params", {})]
    return sorted({one["url"] for one in asked if one.get("initiator", _ITSELF) != _ITSELF})


class Browser:
    """A running Chromium with its profile below a folder; its `log` is whole once it is closed."""

    def __init__(self, folder: Path, patience: float = 120) -> None:
        """Start it; `patience` are the seconds that an answer may take."""
        self.log = folder / "network.json"
        self._patience = patience
        self._last = 0
        self._unread = b""
        self.events: list[dict] = []
        theirs, self._to = os.pipe()
        self._from, ours = os.pipe()

        def descriptors() -> None:
            # By way of high numbers: either pipe may hold the number that the other needs.
            high = [os.dup(theirs), os.dup(ours)]
            os.dup2(high[0], _READS)
            os.dup2(high[1], _WRITES)

        command = [chromium(), *_QUIET, f"--user-data-dir={folder}/profile"]
        self._process = subprocess.Popen(
            [*command, f"--log-net-log={self.log}", "about:blank"],
            preexec_fn=descriptors,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(ours)

    def __enter__(self) -> "Browser":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, in order or, after an error, at once."""
        if self._process.poll() is None and kind is None:
            self.call("Browser.close")
        elif kind is not None:
            self._process.kill()
        self._process.wait(timeout=self._patience)
        os.close(self._to)
        os.close(self._from)

    def call(self, method: str, session: str | None = None, **parameters: object) -> dict:
        """Send a command and return its result; what else is said meanwhile goes to `events`."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + self._patience
        while (said := self._next(until)).get("id") != self._last:
            self.events.append(said)
        if "error" in said:
            raise BrowserError(f"{method}: {said['error'].get('message')}")
        return said["result"]

    def _next(self, until: float) -> dict:
        while b"\0" not in self._unread:
            wait = until - time.monotonic()
            ready, _, _ = select.select([self._from], [], [], max(wait, 0))
            part = os.read(self._from, 1 << 20) if ready else b""
            if not part:
                raise BrowserError("the browser ended or did not answer in time")
            self._unread += part
        said, _, self._unread = self._unread.partition(b"\0")
        return json.loads(said)

    @contextmanager
    def page(self, address: str, width: int, height: int = 900) -> Iterator["OpenPage"]:
        """Open an address in a window of its own of so many pixels; yield it once it has loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = OpenPage(self, session, address)
        try:
            for domain in ("Page", "Network", "Runtime"):
                page.call(f"{domain}.enable")
            # A page in the background is drawn when the browser has nothing else to do.
            page.call("Page.bringToFront")
            page.call(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=1,
                mobile=width < 600,
            )
            page.call("Page.addScriptToEvaluateOnNewDocument", source=_LONG_TASKS)
            page.call("Page.navigate", url=address)
            yield page
        finally:
            self.call("Target.closeTarget", targetId=target)
            self.events = [one for one in self.events if one.get("sessionId") != session]


class OpenPage:
    """A page in a browser."""

    def __init__(self, browser: Browser, session: str, address: str) -> None:
        """Keep which page it is."""
        self._browser, self._session, self._address = browser, session, address

    def call(self, method: str, **parameters: object) -> dict:
        """Send a command to the page and return its result."""
        return self._browser.call(method, self._session, **parameters)

    def evaluate(self, expression: str) -> object:
        """Return the value of an expression of JavaScript, or what its promise comes to."""
        said = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in said:
            raise BrowserError(f"the page failed: {said['exceptionDetails'].get('text')}")
        return said["result"].get("value")

    def interactive(self) -> float:
        """Wait until it shows its contents and holds up nobody; return the seconds that took."""
        return float(self.evaluate(_INTERACTIVE)) / 1000

    def asked(self) -> list[str]:
        """Return the addresses, other than its own file and data in itself, that it asked for."""
        own = self._address.partition("#")[0]
        requests = [
            event["params"]["request"]["url"]
            for event in self._browser.events
            if event.get("sessionId") == self._session
            and event["method"] == "Network.requestWillBeSent"
        ]
        return sorted({url for url in requests if not url.startswith((own, "data:"))})

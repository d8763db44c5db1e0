"""A page as a reader's browser shows it: axe-core's findings and the width it needs.

The page stands in a frame of the wanted width, since a headless browser's own window is no narrower
than 500 px, and says what was found by a message. Nothing but files is read.
"""

import html
import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=30000", "--dump-dom"),
)
# Who asks in the network log when no page does.
_ITSELF = "not an origin"
_AUDIT = """
axe.run(document).then(result => parent.postMessage(JSON.stringify({
  width: document.documentElement.clientWidth,
  needs: document.documentElement.scrollWidth,
  passes: result.passes.length,
  fetched: performance.getEntriesByType("resource").map(entry => entry.name),
  violations: result.violations.map(rule => [rule.id, rule.nodes.map(node => node.html)]),
}), "*"));"""
_FRAME = """<!DOCTYPE html><html lang="en"><title>Audit</title><body style="margin:0">
<script>
addEventListener("message", event => {{
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = event.data;
  document.body.append(result);
}});
</script>
<iframe src="page.html" title="page" style="width:{width}px;height:900px;border:0"></iframe>
</body></html>"""


def chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def axe() -> str:
    """Return the source of axe-core."""
    found = importlib.util.find_spec("axe_core_python")
    assert found and found.origin
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def audit(page: Path, width: int) -> dict:
    """Return width, needs (the width it takes), passes, fetched, asked and violations of a page.

    `asked` are the addresses that the browser's network log says the page, and not the browser
    itself, asked for.
    """
    text = page.read_text(encoding="utf-8")
    assert text.count("</body>") == 1
    scripts = f"<script>{axe()}</script><script>{_AUDIT}</script></body>"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.html").write_text(text.replace("</body>", scripts), encoding="utf-8")
        frame = Path(folder) / "frame.html"
        frame.write_text(_FRAME.format(width=width), encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        size = f"--window-size={max(width, 500) + 40},1000"
        log = Path(folder) / "network.json"
        command = [chromium(), *_QUIET, f"--log-net-log={log}", profile, size, frame.as_uri()]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
        asked = asked_for(log)
    found = re.search(r'<pre id="result">(.*?)</pre>', said.stdout, re.DOTALL)
    assert found, said.stderr[-1000:]
    return json.loads(html.unescape(found[1])) | {"asked": asked}


def asked_for(log: Path) -> list[str]:
    """Return the addresses in a network log of Chromium that a page asked for."""
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    asked = [event["params"] for event in events if "url" in event.get("params", {})]
    return sorted({one["url"] for one in asked if one.get("initiator", _ITSELF) != _ITSELF})

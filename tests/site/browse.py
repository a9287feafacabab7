# SPDX-License-Identifier: BSL-1.0
"""Looks at a built site in headless Chromium: widths, light and dark, formulas, the console, what is requested, search."""

import base64
import functools
import http.server
import json
import os
import re
import shutil
import threading
import time
from pathlib import Path

from crawl import RAW
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WIDTHS = (400, 1400)
SCHEMES = ("light", "dark")

_SEEN = """
const formulas = [...document.querySelectorAll('.formula')];
const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 &&
  getComputedStyle(e).position !== 'fixed').slice(0, 3).map(e => e.tagName + '.' + e.className);
const copy = document.body.cloneNode(true);
for (const e of copy.querySelectorAll('.katex, script, style, pre, code, noscript, svg, textarea')) e.remove();
const style = e => getComputedStyle(e);
return {width: document.documentElement.scrollWidth, inner: innerWidth, wide,
        rendered: formulas.filter(f => f.querySelector('.katex-html') && !f.querySelector('.katex-error') &&
                                       f.getBoundingClientRect().height > 5).length,
        text: copy.textContent, background: style(document.body).backgroundColor,
        inverted: style(document.documentElement).filter !== 'none',
        broken: [...document.images].filter(i => i.complete && !i.naturalWidth && i.src).map(i => i.src)};
"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Browser:
    """Chromium over a site, served as a static host does."""

    def __init__(self, site, pictures):
        self.site, self.pictures, self.wrong = Path(site).resolve(), Path(pictures), []
        shutil.rmtree(self.pictures, ignore_errors=True)
        self.pictures.mkdir(parents=True)
        handler = functools.partial(_Quiet, directory=str(self.site))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.served = f"http://127.0.0.1:{self._server.server_port}/"
        self.filed = self.site.as_uri() + "/"
        options = webdriver.ChromeOptions()
        for switch in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                       "--disable-background-networking", "--disable-component-update", "--no-first-run"):
            options.add_argument(switch)
        if os.geteuid() == 0:  # Chromium's sandbox does not run as root
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        program = shutil.which("chromium")
        if program:
            options.binary_location = program
        self._driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self._driver.set_page_load_timeout(60)
        self._driver.set_script_timeout(60)

    def close(self):
        self._driver.quit()
        self._server.shutdown()

    def say(self, page, what):
        self.wrong.append(f"{page}: {what}")

    def open(self, page, width=1400, scheme="light", base=None):
        """Loads a page in a window; complains of what its console says, and of requests beyond the site."""
        base = base or self.served
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 800})
        self._driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self._driver.get(base + page)
        where = f"{page} at {width}, {scheme}" + ("" if base == self.served else ", from the file system")
        self._driver.execute_async_script("document.fonts.ready.then(arguments[0])")
        self.listen(where, base)
        return where

    def listen(self, where, base):
        for entry in self._driver.get_log("browser"):
            if entry["level"] in ("SEVERE", "WARNING"):
                self.say(where, f"the console says: {entry['message']}")
        for entry in self._driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if not url.startswith((base, "data:", "blob:", "chrome:", "about:")):
                    self.say(where, f"a request leaves the site: {url}")

    def look(self, page, formulas, width, scheme):
        """What a reader sees of a page in one window."""
        where = self.open(page, width, scheme)
        seen = self._driver.execute_script(_SEEN)
        if seen["inner"] != width:
            self.say(where, f"the window is {seen['inner']} wide")
        if seen["width"] > width:
            self.say(where, f"the page is {seen['width']} wide: {', '.join(seen['wide'])}")
        if seen["rendered"] != formulas:
            self.say(where, f"{seen['rendered']} formulas are rendered, its source has {formulas}")
        for found in {m[0] for m in RAW.finditer(seen["text"])}:
            self.say(where, f"raw markup in the text: {found}")
        for image in seen["broken"]:
            self.say(where, f"an image that cannot be shown: {image}")
        dark = (_lightness(seen["background"]) < .5) != seen["inverted"]
        if dark != (scheme == "dark"):
            self.say(where, f"the background is {seen['background']}, inverted: {seen['inverted']}")
        self.picture(f"{page.removesuffix('.html').replace('/', '-')}-{width}-{scheme}", width)

    def picture(self, name, width):
        """The page's first screens, for a look."""
        taken = self._driver.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": 3000, "scale": 1}})
        (self.pictures / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))

    def count_formulas(self, page, formulas):
        where = self.open(page)
        rendered = self._driver.execute_script(_SEEN)["rendered"]
        if rendered != formulas:
            self.say(where, f"{rendered} formulas are rendered, its source has {formulas}")

    def search(self, words, wanted, base):
        """The site's own search finds a page, from a static host and from the file system."""
        where = self.open(f"search.html?q={words}", base=base)
        until, found = time.monotonic() + 30, []
        while time.monotonic() < until and not any(wanted in link for link in found):
            found = self._driver.execute_script(
                "return [...document.querySelectorAll('#search-results a')].map(a => a.getAttribute('href'))")
            time.sleep(.1)
        if not any(wanted in link for link in found):
            self.say(where, f"the search for {words} does not find {wanted}")
        self.listen(where, base)


def _lightness(colour):
    parts = [float(x) for x in re.findall(r"[\d.]+", colour)]
    if len(parts) == 4 and parts[3] == 0:  # transparent: the canvas is white
        return 1.0
    return sum(parts[:3]) / 765

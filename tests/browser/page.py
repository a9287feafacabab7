# SPDX-License-Identifier: BSL-1.0
"""A page in a headless Chromium, as the tests use it: what a reader does and sees, what the browser says of it, and what
melitz-solve says of the same model."""

import base64
import contextlib
import functools
import http.server
import json
import math
import os
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PAGES = pathlib.Path(os.environ["MELITZ_PAGES"]).resolve()  # the folder with lecture.html and models.html
SOLVE = os.environ["MELITZ_SOLVE"]  # the program
SCRATCH = PAGES / "tests"  # what the tests leave behind: pictures of the pages, and what they have fetched
CHROMIUM = os.environ.get("MELITZ_CHROMIUM", "/usr/bin/chromium")
DRIVER = os.environ.get("MELITZ_CHROMEDRIVER", "/usr/bin/chromedriver")

DESKTOP, PHONE = (1400, 900), (400, 800)
PATIENCE = 30  # seconds, after which something that should happen counts as not happening

# What a reader can act on, but what is hidden and what is switched off.
CONTROLS = """
  const out = [];
  for (const e of document.querySelectorAll(
      'a[href], button, input, select, textarea, summary, [tabindex], [role=tab], [role=button]')) {
    if (e.disabled || e.type === 'hidden' || e.tabIndex < 0) continue;
    if (!e.checkVisibility({visibilityProperty: true})) continue;
    out.push(e);
  }
"""


class Solver:
    """melitz-solve, which answers one model after the other."""

    def __init__(self):
        self.process = subprocess.Popen([SOLVE, "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        encoding="utf-8")

    def __call__(self, document):
        """The answer, a dictionary: its status may be any, and results are beside it by their names."""
        self.process.stdin.write(json.dumps(document) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def results(self, document):
        answer = self(document)
        if answer["status"] != "converged":
            raise AssertionError(f"melitz-solve on {document}: {answer}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def number(text):
    """What a page or melitz-solve writes for a number; None for a word."""
    if isinstance(text, (int, float)):
        return float(text)
    try:
        return float(text)  # reads inf and nan too
    except (TypeError, ValueError):
        return None


def same(a, b, digits=12):
    """To so many digits."""
    if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
        return a == b or (math.isnan(a) and math.isnan(b))
    return abs(a - b) <= 0.5 * 10.0**-digits * max(abs(a), abs(b))


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def static_host(folder=PAGES):
    """Where the folder is served, by a server that does nothing but that."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Browser:
    """One Chromium for all tests of a module."""

    def __init__(self):
        self.downloads = pathlib.Path(tempfile.mkdtemp(prefix="melitz-downloads-"))
        options = Options()
        options.binary_location = CHROMIUM
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                         "--hide-scrollbars", "--force-color-profile=srgb", "--window-size=1400,900",
                         "--disable-background-networking", "--disable-component-update", "--no-first-run"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)
        self.driver.set_page_load_timeout(2 * PATIENCE)
        self.driver.set_script_timeout(4 * PATIENCE)
        self.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        self.errors, self.taken = [], []  # on the console; from elsewhere

    def close(self):
        self.driver.quit()
        for path in self.downloads.iterdir():
            path.unlink()
        self.downloads.rmdir()

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def look(self, size=DESKTOP, dark=False, still=False):
        """The screen, and what its owner prefers."""
        width, height = size
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=size == PHONE)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}])

    def open(self, url, ready):
        """Loads a page, from nothing, and waits until `ready` (JavaScript) is true there."""
        self.listen()
        self.driver.get("about:blank")  # or else a link that differs behind # only loads nothing
        self.driver.get(url)
        self.until(ready)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def until(self, condition, *arguments, what=None):
        """Waits until an expression of JavaScript is true, and returns it."""
        end = time.monotonic() + PATIENCE
        while True:
            found = self.run(f"return ({condition})", *arguments)
            if found:
                return found
            if time.monotonic() > end:
                self.listen()
                raise AssertionError(f"never in {PATIENCE} s: {what or condition}\n" + "\n".join(self.errors))
            time.sleep(0.02)

    def settle(self):
        """Lets the page draw what it has been told."""
        self.driver.execute_async_script("""
          const done = arguments[arguments.length - 1];
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)));""")

    def listen(self):
        """Notes what the browser has said since it was last asked."""
        self.errors += [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] != "Network.requestWillBeSent":
                continue
            url = message["params"]["request"]["url"]
            is_page = message["params"].get("type") == "Document" and message["params"]["documentURL"] == url
            if not is_page and not url.startswith(("data:", "blob:", "about:")):
                self.taken.append(url)

    # ---- What a reader does.

    def element(self, name):
        return self.driver.find_element(By.ID, name)

    def type(self, name, text):
        """Puts a number into a field and leaves it."""
        field = self.element(name)
        self.run("arguments[0].scrollIntoView({block: 'center'})", field)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.BACKSPACE)
        field.send_keys(text)
        field.send_keys(Keys.TAB)
        self.settle()

    def set_slider(self, name, value):
        """As a hand does that drags it."""
        self.run("""
          arguments[0].value = arguments[1];
          arguments[0].dispatchEvent(new Event('input', {bubbles: true}));
          arguments[0].dispatchEvent(new Event('change', {bubbles: true}));""", self.element(name), str(value))
        self.settle()

    def choose(self, name, value):
        """An option of a list."""
        self.run("""
          arguments[0].value = arguments[1];
          arguments[0].dispatchEvent(new Event('input', {bubbles: true}));
          arguments[0].dispatchEvent(new Event('change', {bubbles: true}));""", self.element(name), value)
        self.settle()

    def press(self, *keys):
        actions = ActionChains(self.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()
        self.settle()

    def click(self, selector):
        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.settle()

    def downloaded(self, work):
        """The file that `work` makes the page give: (name, text)."""
        before = set(self.downloads.iterdir())
        work()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            new = [p for p in set(self.downloads.iterdir()) - before if p.suffix != ".crdownload"]
            if new:
                return new[0].name, new[0].read_text(encoding="utf-8")
            time.sleep(0.05)
        raise AssertionError("no file came")

    # ---- What a reader sees.

    def text(self, selector):
        return self.run("""
          const e = document.querySelector(arguments[0]);
          return e === null ? null : e.textContent.trim();""", selector)

    def value(self, name):
        return self.run("return document.getElementById(arguments[0]).value", name)

    def wide(self):
        """By how many pixels the page is wider than its screen."""
        return self.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def screenshot(self, name):
        SCRATCH.mkdir(exist_ok=True)
        size = self.run("return [document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        taken = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                             clip={"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1})
        (SCRATCH / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))


class PageTest(unittest.TestCase):
    """Tests of one page, each of which starts with the page as it is first opened."""

    page = None  # the file's name
    ready = "document.readyState === 'complete'"

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.solver = Solver()
        cls.addClassCleanup(cls.solver.close)
        cls.url = (PAGES / cls.page).as_uri()

    def setUp(self):
        self.browser.look()
        self.browser.errors.clear()
        self.browser.taken.clear()

    def tearDown(self):
        self.browser.listen()
        self.assertEqual(self.browser.errors, [], "on the console")
        self.assertEqual(self.browser.taken, [], "taken from elsewhere")

    def start(self, fragment="", url=None):
        self.browser.open((url or self.url) + fragment, self.ready)
        self.browser.settle()

# SPDX-License-Identifier: BSL-1.0
"""axe-core, which finds what keeps people from using a page. Fetched when tests want it, by its version, with npm."""

import pathlib
import shutil
import subprocess
import tarfile
import tempfile

VERSION = "4.14.1"


def script(kept):
    """Its JavaScript, from the folder `kept` where it is there already; None and why where it cannot be had."""
    kept = pathlib.Path(kept)
    path = kept / f"axe-core-{VERSION}.js"
    if path.is_file():
        return path.read_text(encoding="utf-8"), None
    npm = shutil.which("npm")
    if npm is None:
        return None, "there is no npm to fetch axe-core with"
    with tempfile.TemporaryDirectory(prefix="melitz-axe-") as folder:
        try:
            fetched = subprocess.run([npm, "pack", "--silent", f"axe-core@{VERSION}"], cwd=folder, capture_output=True,
                                     text=True, timeout=120)
        except subprocess.TimeoutExpired:
            return None, f"axe-core {VERSION} did not come in two minutes"
        archives = list(pathlib.Path(folder).glob("*.tgz"))
        if fetched.returncode != 0 or len(archives) != 1:
            return None, f"axe-core {VERSION} cannot be fetched: {fetched.stderr.strip()[:200]}"
        with tarfile.open(archives[0]) as archive:
            text = archive.extractfile("package/axe.min.js").read().decode("utf-8")
    kept.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return text, None


RUN = """
  const done = arguments[arguments.length - 1];
  axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}).then(
    found => done({version: axe.version, violations: found.violations.map(
      v => `${v.id} (${v.impact}): ${v.help}; ` + v.nodes.slice(0, 5).map(n => n.target.join(' ')).join(', '))}),
    error => done({version: axe.version, violations: [`axe-core failed: ${error}`]}));
"""

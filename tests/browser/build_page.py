# SPDX-License-Identifier: BSL-1.0
"""What build_page.py makes of a page, and what it refuses: build_page.py BUILD_PAGE.py"""

import pathlib
import subprocess
import sys
import tempfile

PAGE = '<link rel="stylesheet" href="a.css">\n<p>text</p>\n<script src="b.js"></script>\n'


def build(folder, page, limit=10000):
    (folder / "page.html").write_text(page, encoding="utf-8")
    return subprocess.run(
        [sys.executable, sys.argv[1], folder / "page.html", folder / "out" / "page.html", "--search", folder / "more",
         "--limit", str(limit)], capture_output=True, text=True, check=False)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "more").mkdir()
    (folder / "a.css").write_text("p { color: red; }", encoding="utf-8")
    (folder / "more" / "b.js").write_text('const end = "</script>", mark = "\\\\n é";', encoding="utf-8")
    out = folder / "out" / "page.html"

    for page, limit, words in (
        (PAGE.replace("a.css", "none.css"), 10000, "none.css is in none of"),
        (PAGE + '<img src="https://example.com/a.png">', 10000, "takes https://example.com/a.png from elsewhere"),
        (PAGE + '<script defer src="b.js"></script>', 10000, "takes b.js from elsewhere"),
        (PAGE, 100, "it must have at most 100"),
    ):
        found = build(folder, page, limit)
        assert found.returncode != 0 and words in found.stderr, (words, found.stderr)
        assert not out.exists()

    found = build(folder, PAGE)
    assert found.returncode == 0, found.stderr
    text = out.read_text(encoding="utf-8")
    assert "<style>\np { color: red; }</style>" in text
    assert text.count("</script") == 1 and '"<\\/script>", mark = "\\\\n é";' in text, text
    size = len(text.encode("utf-8"))
    assert build(folder, PAGE, size).returncode == 0
    out.unlink()
    assert build(folder, PAGE, size - 1).returncode != 0

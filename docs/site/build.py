# SPDX-License-Identifier: BSL-1.0
"""build.py --root . --scratch FOLDER --output FOLDER ...: builds the documentation site, whole and from nothing.

Gathers the repository's pages and those that only the site has, lets Sphinx make them, and puts the reference of the
headers and the lecture beside them. Whatever a page or Sphinx complains of is an error.
"""

import argparse
import html
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

import made
import pages as repository
import theme

_HERE = Path(__file__).resolve().parent
_LECTURE = ("lecture.html", "models.html")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, words in {"root": "the repository", "scratch": "for what lies between", "output": "the site",
                        "reference": "where Doxygen made html/ and melitz.tag", "katex": "where katex.min.js is"}.items():
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="FOLDER", help=words)
    parser.add_argument("--version", required=True)
    parser.add_argument("--python", type=Path, metavar="FOLDER", help="where the module melitz was built")
    parser.add_argument("--lecture", type=Path, metavar="FOLDER", help="where the lecture in the browser was built")
    return parser.parse_args()


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def toctree(names, caption=None):
    head = [f":caption: {caption}"] if caption else []
    return "\n".join(["", "```{toctree}", ":hidden:", *head, "", *names, "```", ""])


def python_page(module):
    if module is None:
        return made.no_python()
    environment = {**os.environ, "PYTHONPATH": str(module), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, str(_HERE / "python_reference.py")], env=environment, check=True,
                         stdout=subprocess.PIPE)
    return run.stdout.decode("utf-8")


def gather(given, folder):
    """Writes Sphinx's sources."""
    texts = repository.read_pages(given.root)
    wrong = [f"{path}: {line}" for path, text in texts.items() for line in repository.wrong_formulas(text)]
    if wrong:
        raise repository.PageError("\n".join(wrong))
    groups, below = repository.tree(texts)
    order = [name for _, names in groups for name in names]
    order = ["index"] + [page for name in order for page in (name, *below.get(name, ()))]
    titles = {repository.place(path): re.search(r"^# +(.+)$", text, re.M)[1] for path, text in texts.items()}

    lecture = [file for file in _LECTURE if given.lecture and (given.lecture / file).is_file()]
    if given.lecture and not lecture:
        raise repository.PageError(f"{given.lecture} has neither {' nor '.join(_LECTURE)}")
    only_here = {
        "gallery": made.gallery(repository.gallery_figures(given.root, texts, order), titles),
        "cpp": made.way_into_cpp(made.Reference(given.reference)),
        "python": python_page(given.python),
        "lecture": made.lecture(lecture) if lecture else None,
    }
    for name in order:
        if name not in titles and name not in only_here:
            raise repository.PageError(f"docs/index.md: the site has no page {name!r}")

    files = set()
    for path, text in texts.items():
        text = repository.relink(path, text, texts, given.root, files)
        name = repository.place(path)
        if name == "index":
            text += "".join(toctree([n for n in names if only_here.get(n, "") is not None], caption)
                            for caption, names in groups)
        elif name in below:
            text += toctree([posixpath.relpath(n, posixpath.dirname(name) or ".") for n in below[name]])
        write(folder / f"{name}.md", text)
    for name, text in only_here.items():
        if text is not None:
            write(folder / f"{name}.md", text)
            files.update(m[1] for m in re.finditer(r"\(files/([^)]+)\.md\)", text))
    for file in files:
        write(folder / "files" / f"{file}.md", made.source(file, (given.root / file).read_text(encoding="utf-8")))
    shutil.copytree(given.root / "docs/figures", folder / "figures")
    return lecture


def sphinx(given, folder, mentions):
    settings = {"version": given.version, "release": given.version, "html_title": f"melitz {given.version}",
                "melitz_reference": given.reference, "melitz_mentions_file": mentions}
    command = [sys.executable, "-B", "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-E", "-b", "html", "-c", str(_HERE),
               "-d", str(given.scratch / "doctrees")]
    for name, value in settings.items():
        command += ["-D", f"{name}={value}"]
    subprocess.run([*command, str(folder), str(given.output)], check=True)


def add_katex(given):
    to = given.output / "_static" / "katex"
    to.mkdir(parents=True)
    for file in ("katex.min.js", "katex.min.css"):
        shutil.copyfile(given.katex / file, to / file)
    used = set(re.findall(r"url\(['\"]?(fonts/[^)'\"?#]+)", (to / "katex.min.css").read_text(encoding="utf-8")))
    (to / "fonts").mkdir()
    for font in sorted(used):
        better = (given.katex / font).with_suffix(".woff2")
        if (given.katex / font).is_file() and (font.endswith(".woff2") or not better.is_file()):
            shutil.copyfile(given.katex / font, to / font)


def add_reference(given, mentions):
    """The reference of the headers, with ways back: to the site, and to the pages that speak of what a page describes."""
    to = given.output / "api"
    shutil.copytree(given.reference / "html", to)
    for file in ("api.css", "api.js", "icon.svg"):
        shutil.copyfile(_HERE / "static" / file, to / file)
    known = json.loads(mentions.read_text(encoding="utf-8"))
    head = ('<link rel="icon" href="icon.svg" type="image/svg+xml"/>\n<link href="api.css" rel="stylesheet"/>\n'
            '<script src="api.js"></script>\n</head>')
    bar = ('<nav class="site" aria-label="Site"><a href="../index.html">melitz</a> <a href="../documentation.html">Documentation</a> '
           '<a href="../cpp.html">C++ reference</a> <a href="../search.html">Search all pages</a></nav>\n')
    for page in to.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if page.parent != to or "</head>" not in text:  # parts of Doxygen's own search
            continue
        text = text.replace("</head>", head, 1)
        text = re.sub(r"(<body[^>]*>)", lambda m: m[1] + bar, text, count=1)
        # A comment in a header names a page as the repository has it.
        text = re.sub(r"docs/((?:models/)?[\w-]+)\.md", lambda m: led_to_page(given.output, m), text)
        speak = known.get(page.name)
        if speak:
            ways = ", ".join(f'<a href="../{name}.html">{html.escape(title)}</a>' for name, title in speak.items())
            text = text.replace('<div class="contents">', f'<div class="contents">\n<p class="pages">Pages: {ways}</p>', 1)
        page.write_text(text, encoding="utf-8")


def led_to_page(site, found):
    page = repository.place(found[0]) + ".html"
    return f'<a href="../{page}">{found[0]}</a>' if (site / page).is_file() else found[0]


def main():
    given = arguments()
    for folder in (given.scratch, given.output):
        shutil.rmtree(folder, ignore_errors=True)
    source, mentions = given.scratch / "pages", given.scratch / "mentions.json"
    source.mkdir(parents=True)
    try:
        lecture = gather(given, source)
        sphinx(given, source, mentions)
    except repository.PageError as error:
        sys.exit(f"The pages do not make a site:\n{error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"The site was not built: {error.cmd[0]} said {error.returncode}")
    theme.mend(given.output / "_static")
    add_katex(given)
    add_reference(given, mentions)
    for file in lecture:
        (given.output / "lecture").mkdir(exist_ok=True)
        shutil.copyfile(given.lecture / file, given.output / "lecture" / file)
    for left in (".buildinfo", "objects.inv"):
        (given.output / left).unlink(missing_ok=True)
    write(given.output / ".nojekyll", "")  # hosts that would leave out folders such as _static
    print(f"The site: {given.output / 'index.html'}")


if __name__ == "__main__":
    main()

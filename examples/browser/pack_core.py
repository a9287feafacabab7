#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Puts compiled WebAssembly into the script that starts it, compressed: a third of what it would take as text.

    pack_core.py CORE.js CORE.wasm OUTPUT.js

The script's global melitzCore gets a member `packed`, gzip in base64, which melitz.js unpacks.
"""

import base64
import gzip
import pathlib
import sys

script, binary, output = map(pathlib.Path, sys.argv[1:])
packed = base64.b64encode(gzip.compress(binary.read_bytes(), 9, mtime=0)).decode("ascii")
output.write_text(f'{script.read_text(encoding="utf-8")}\nmelitzCore.packed = "{packed}";\n', encoding="utf-8")

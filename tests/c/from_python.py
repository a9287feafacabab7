#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""libmelitz by Python's ctypes, held to melitz-solve: every model, every operation, to the last bit.

    from_python.py LIBRARY [MELITZ_SOLVE]
"""

import csv
import ctypes
import io
import json
import struct
import subprocess
import sys
import threading

library = ctypes.CDLL(sys.argv[1])
program = sys.argv[2] if len(sys.argv) > 2 else None
failures = 0

text_out = ctypes.POINTER(ctypes.c_char_p)
library.melitz_version.restype = ctypes.c_char_p
library.melitz_status_word.restype = ctypes.c_char_p
library.melitz_free.argtypes = [ctypes.c_void_p]
library.melitz_free.restype = None
progress_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p)


def check(holds, *what):
    global failures
    if not holds:
        failures += 1
        print("not so:", *what, file=sys.stderr)


def ask(function, *texts):
    """The code and the text of a function of texts."""
    out = ctypes.c_void_p()
    given = [text if text is None else ctypes.c_char_p(text.encode()) for text in texts]
    code = getattr(library, "melitz_" + function + "_json")(*given, ctypes.byref(out))
    text = ctypes.string_at(out).decode() if out else None
    library.melitz_free(out)
    return code, text


def run(*arguments, model=None):
    """The exit status, standard output and error of melitz-solve."""
    done = subprocess.run([program, *arguments], input=model, capture_output=True, encoding="utf-8")
    return done.returncode, done.stdout, done.stderr


def arrays(model, moved, fields, threads=1, progress=None):
    """The code, the numbers of each field, the statuses and the message."""
    count = len(next(iter(moved.values()))) if moved else 1
    doubles = ctypes.POINTER(ctypes.c_double)
    words = lambda names: (ctypes.c_char_p * len(names))(*[n.encode() for n in names])
    sizes = (ctypes.c_size_t * (2 * len(fields)))()
    message = ctypes.c_void_p()
    columns = ctypes.byref(sizes, len(fields) * ctypes.sizeof(ctypes.c_size_t))
    code = library.melitz_field_sizes(model.encode(), ctypes.c_size_t(len(fields)), words(fields), sizes, columns,
                                      ctypes.byref(message))
    if code == 0:
        lengths = [sizes[k] * sizes[len(fields) + k] for k in range(len(fields))]
        values = [(ctypes.c_double * count)(*v) for v in moved.values()]
        numbers = [(ctypes.c_double * (count * n))() for n in lengths]
        statuses = (ctypes.c_int * count)()
        pointers = lambda rows: (doubles * len(rows))(*[ctypes.cast(row, doubles) for row in rows])
        code = library.melitz_solve_arrays(
            model.encode(), ctypes.c_size_t(count), ctypes.c_size_t(len(moved)), words(list(moved)), pointers(values),
            ctypes.c_size_t(len(fields)), words(fields), pointers(numbers), statuses, threads,
            progress_type(progress) if progress else None, None, ctypes.byref(message))
    text = ctypes.string_at(message).decode() if message else None
    library.melitz_free(message)
    if code > 1:
        return code, None, None, text
    return code, [list(n) for n in numbers], list(statuses), text


def bits(number):
    number = float(number)  # "inf" and "nan" among them
    return "nan" if number != number else struct.pack("d", number)


def flat(value):
    return [x for row in value for x in flat(row)] if isinstance(value, list) else [value]


def message_of(error):
    """What melitz-solve says, without its name and that of its input."""
    return error.strip().removeprefix("melitz-solve: ").removeprefix("standard input: ")


def same_as_program(function, texts, arguments, model):
    """Does the library answer and refuse as the program does?"""
    code, answer = ask(function, *texts)
    status, out, error = run("-", *arguments, model=model)
    check(code == status, function, arguments, "codes", code, status, answer, error)
    if code == 2:
        said, wanted = json.loads(answer)["error"], message_of(error)
        if "which has no " not in wanted:  # the program names its option there
            check(said == wanted, function, said, "|", wanted)
    else:
        check(json.loads(answer) == json.loads(out), function, arguments, answer, out)
        if function == "solve":
            check(answer == out, function, arguments, answer, out)


def try_model(described):
    """A model's example, solved, swept, and asked for whatever it has."""
    name = described["name"]
    code, example = ask("example", name)
    check(code == 0, name, example)
    if program:
        check((0, example, "") == run("--example", name), name, "example")
        same_as_program("solve", [example], ["--json"], example)
        same_as_program("gains", [example], ["--gains", "--json"], example)
        same_as_program("firms", [example, "[1, 2.5, 7]"], ["--firms", "1,2.5,7", "--json"], example)
        same_as_program("curve", [example, "[2, 3, 4]"], ["--curve", "cutoff=2:4:3", "--json"], example)

    # The first number, to 1.01 times its value: as a sweep, as a comparison and by derivatives.
    first = next(p for p in described["parameters"] if p["shape"] == "number" and "words" not in p)["name"]
    value = json.loads(example)["parameters"][first]
    code, solved = ask("solve", example)
    solved = json.loads(solved)
    fields = [r["name"] for r in described["results"] if not isinstance(solved[r["name"]], str)]
    values = [value, value * 1.01]
    code, numbers, statuses, text = arrays(example, {first: values}, fields)
    check(code < 2, name, first, text)
    for k, number in enumerate(values):
        model = json.loads(example)
        model["parameters"][first] = number
        single_code, single = ask("solve", json.dumps(model))
        single = json.loads(single)
        check(statuses[k] == 0 and single_code == 0, name, first, single["status"])
        for f, field in enumerate(fields):
            length = len(numbers[f]) // 2
            here = numbers[f][k * length:(k + 1) * length]
            check([bits(x) for x in here] == [bits(x) for x in flat(single[field])], name, field, here, single[field])
    if program:
        changed = json.dumps(model)
        same_as_program("compare", [example, changed], ["--compare", f"{first}={values[1]!r}", "--json"], example)
        last = fields[-1] if not isinstance(solved[fields[-1]], list) else fields[-1] + "[0]"
        wanted = json.dumps({"results": [last], "parameters": [first], "elasticities": True})
        same_as_program("derivatives", [example, wanted],
                        ["--derivatives", last, "--by", first, "--elasticities", "--json"], example)


def try_sweep():
    """A sweep is the program's, row by row."""
    model = ask("example", "open")[1]
    costs = [1.2 + 1.8 * k / 39 for k in range(40)]
    costs[-1] = 3
    moved, sds = {"iceberg_cost": costs}, {"distribution.log_sd": [0.3 + (0.9 - 0.3) * k / 3 for k in range(3)] + [0.9]}
    for name, values, option in (("iceberg_cost", moved, "iceberg_cost=1.2:3:40"),
                                 ("distribution.log_sd", sds, "distribution.log_sd=0.3:0.9:4")):
        code, found, statuses, text = arrays(model, values, ["welfare", "share_exporting"], threads=2)
        check(code == 0 and text is None, text)
        if not program:
            continue
        rows = list(csv.DictReader(io.StringIO(run("-", "--sweep", option, model=model)[1])))
        for k, row in enumerate(rows):
            if bits(row[name]) != bits(values[name][k]):
                continue  # another number to begin with
            check(bits(row["welfare"]) == bits(found[0][k]), name, k, row["welfare"], found[0][k])
            check(bits(row["share_exporting"]) == bits(found[1][k]), name, k)


def try_wanted():
    """What is asked for in words that are wrong."""
    model = ask("example", "open")[1]
    for wanted in ("[]", "{}", "{", "7", '{"results": "welfare", "parameters": ["labor"]}',
                   '{"results": [1], "parameters": ["labor"]}', '{"results": [], "parameters": [], "logs": true}',
                   '{"results": ["welfare"], "parameters": ["labor"], "elasticities": 1}',
                   '{"results": ["welfair"], "parameters": ["labor"]}', None):
        code, answer = ask("derivatives", model, wanted)
        check(code == 2 and json.loads(answer)["status"] == "domain_error", wanted, code, answer)
    for function in ("firms", "curve"):
        for numbers in ("{}", "7", "[\"a\"]", "[", "[[1]]", None):
            code, answer = ask(function, model, numbers)
            check(code == 2 and json.loads(answer)["error"], function, numbers, answer)
    code, answer = ask("compare", model, ask("example", "closed")[1])
    check(code == 2 and "another model" in answer, answer)
    check(ask("compare", model, None)[0] == 2 and ask("compare", None, model)[0] == 2, "compare with nothing")


def try_threads():
    """Python's threads call at once, each with a function of Python's told how far it is."""
    model = ask("example", "open")[1]
    costs = {"iceberg_cost*": [1 + k / 300 for k in range(300)]}
    alone = arrays(model, costs, ["welfare"])
    found, heard = [None] * 4, [0] * 4

    def work(k):
        def told(done, count, data):
            heard[k] = done
            return 1
        found[k] = arrays(model, costs, ["welfare"], threads=2, progress=told)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    check(all(f == alone for f in found) and alone[0] == 0, "threads", alone[0], alone[3])
    check(heard == [300] * 4, "told", heard)


def main():
    code, models = ask("models")
    check(code == 0, models)
    if program:
        check(run("--version")[1] == f"melitz-solve {library.melitz_version().decode()}\n", "version")
        check(run("--models", "--json")[1] == models, "models")
    described = json.loads(models)["models"]
    check(len(described) >= 13, len(described))
    for model in described:
        try_model(model)
    try_sweep()
    try_wanted()
    try_threads()
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())

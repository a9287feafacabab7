"""Makes firms_random.json: Philox4x32-10 and Philox4x64-10, and what laws of productivity make of their numbers.

Written from the description of Salmon, Moraes, Dror and Shaw (2011); the known answers are those of their Random123.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from size_laws import Spliced

mp.dps = 40
NAME = "firms_random.json"
CONSTANTS = {32: ((0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)),
             64: ((0xD2E7470EE14C6C93, 0xCA5A826395121157), (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B))}


def philox(bits, counter, key):
    multipliers, weyl = CONSTANTS[bits]
    mask = (1 << bits) - 1
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = multipliers[0] * c[0], multipliers[1] * c[2]
        c = [(second >> bits) ^ c[1] ^ k[0], second & mask, (first >> bits) ^ c[3] ^ k[1], first & mask]
        k = [(k[0] + weyl[0]) & mask, (k[1] + weyl[1]) & mask]
    return c


def words_of(seed, firm, stream, replication=0):
    low = (1 << 32) - 1
    return philox(32, [firm & low, firm >> 32, stream, replication], [seed & low, seed >> 32])


def uniform(seed, firm, stream):
    """The share of entrants that reach the productivity of a firm."""
    w = words_of(seed, firm, stream)
    return ((((w[1] << 32) | w[0]) >> 11) + mpf(1) / 2) / mpf(2)**53


def spliced_quantile(u):
    law = Spliced(mpf("0.1"), mpf("0.6"), mpf("4.25"))
    tail = law.survival(law.join)
    if u <= tail:
        return law.join - mp.log(u / tail) / law.shape
    return law.mean + law.sd * mp.sqrt(2) * mp.erfinv(2 * (1 - u) / law.body - 1)


def remake(data, comparison):
    for i, row in enumerate(data["known_answers"]):
        bits = 64 if "x64" in row["name"] else 32
        made = philox(bits, [int(x, 16) for x in row["counter"]], [int(x, 16) for x in row["key"]])
        comparison.compare(row, "output", [("%%0%dx" % (bits // 4)) % x for x in made], "known_answers[%d]" % i)
    for i, row in enumerate(data["cases"]):
        words = words_of(row["seed"], row["firm"], row["stream"])
        u = uniform(row["seed"], row["firm"], row["stream"])
        comparison.compare(data["cases"], i, {
            "words": ["%08x" % w for w in words], "uniform": u, "log_pareto_1_4_25": -mp.log(u) / mpf("4.25"),
            "log_lognormal_0_0797": mpf("0.797") * mp.sqrt(2) * mp.erfinv(1 - 2 * u),
            "log_spliced_01_06_425": spliced_quantile(u)}, "cases[%d]" % i)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))

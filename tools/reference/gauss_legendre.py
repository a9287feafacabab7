"""Nodes and weights of the Gauss-Legendre rule of numerics/panel_rule.hpp.

Prints the initialiser lists of the header: the positive nodes of the rule of twenty points, ascending, and their weights.
"""

from mpmath import cos, findroot, legendre, mp, mpf, nstr, pi

mp.dps = 40
SIZE = 20


def nodes():
    guesses = [cos(pi * (SIZE / 2 - mpf(i) - mpf(1) / 4) / (SIZE + mpf(1) / 2)) for i in range(SIZE // 2)]
    return [findroot(lambda x: legendre(SIZE, x), guess) for guess in guesses]


def weight(x):
    return 2 * (1 - x * x) / (SIZE * legendre(SIZE - 1, x)) ** 2


if __name__ == "__main__":
    for numbers in (nodes(), [weight(x) for x in nodes()]):
        print(",\n".join(nstr(number, 28, strip_zeros=False) + "L" for number in numbers) + "\n")

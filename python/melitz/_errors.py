# SPDX-License-Identifier: BSL-1.0
"""What goes wrong, with its parts as attributes."""


class DomainError(ValueError):
    """A mistake of the caller: a parameter with a value that it cannot have. As melitz::domain_error in C++.

    parameter    its name, with the place of the number where it is several: "iceberg_cost[2, 0]",
                 "distribution.log_sd"
    value        the value, as text
    restriction  what it must do: "be at least 1"
    element      of a sweep: the index of the element in it, a tuple; else None
    """

    def __init__(self, parameter, value, restriction, message=None, element=None):
        self.parameter, self.value, self.restriction = parameter, value, restriction
        self.element = element
        self._message = message
        super().__init__(parameter, value, restriction, message, element)

    def __str__(self):
        where = "" if self.element is None else f" in element {list(self.element)}"
        return self._message or f"{self.parameter} is {self.value}{where}; it must {self.restriction}"


class ConvergenceError(RuntimeError):
    """A solve that did not succeed although its input was legal. As melitz::convergence_error in C++.

    status  why: "iteration_limit", "not_finite", "out_of_range", "disconnected", "not_covered"
    result  what try_solve would have returned, where there is such a thing; else None. Numbers that failed are NaN
    """

    def __init__(self, status, message, result=None):
        self.status, self.result = status, result
        super().__init__(status, message)

    def __str__(self):
        return self.args[1]

Numbers = Union[float, int, bool, str, ArrayLike, "by_sector", "everywhere"]
Laws = Union["Law", Sequence["Law"], Sequence[Sequence["Law"]], Mapping[str, "Law"], Mapping[Any, "Law"]]

class DomainError(ValueError):
    parameter: str
    value: Any
    restriction: str
    element: tuple[int, ...] | None

class ConvergenceError(RuntimeError):
    status: str
    result: Any

class Law:
    name: str
    parameters: dict[str, Any]

class by_sector:
    def __init__(self, value: ArrayLike) -> None: ...

class everywhere:
    def __init__(self, value: ArrayLike) -> None: ...

class Parameter:
    name: str
    meaning: str
    unit: str
    restriction: str
    optional: bool
    default: float | None
    words: tuple[str, ...]

class Result:
    name: str
    part: str
    unit: str
    symbol: str
    equation: str

class Model:
    name: str
    title: str
    parameters: tuple[Parameter, ...]
    results: tuple[Result, ...]
    targets: tuple[Parameter, ...]

class Firms:
    productivity: np.ndarray
    choice: np.ndarray
    price: np.ndarray
    revenue: np.ndarray
    profit: np.ndarray

class FirmGroup:
    effect: str
    lower: float
    upper: float

class Change:
    before: Any
    after: Any
    difference: Any
    percent: Any

class Comparison(dict[str, Change]):
    before: Equilibrium
    after: Equilibrium
    firms: list[FirmGroup] | None
    def __getattr__(self, name: str) -> Change: ...
    def to_frame(self) -> Any: ...

class Curves:
    cutoff: np.ndarray
    export_cutoff: np.ndarray
    value_of_entry: np.ndarray
    average_profit: np.ndarray
    average_profit_required: np.ndarray

class Derivatives:
    results: tuple[str, ...]
    parameters: tuple[str, ...]
    values: np.ndarray
    table: np.ndarray
    status: Any
    def of(self, result: str, parameter: str) -> Any: ...
    def to_frame(self) -> Any: ...

class _Results:
    model: str
    parameters: dict[str, Any]
    distribution: Any
    status: Any
    converged: Any
    def __getitem__(self, name: str) -> Any: ...
    def __contains__(self, name: object) -> bool: ...
    def __len__(self) -> int: ...
    def keys(self) -> tuple[str, ...]: ...
    def values(self) -> list[Any]: ...
    def items(self) -> list[tuple[str, Any]]: ...
    def to_dict(self) -> dict[str, Any]: ...

class Equilibrium(_Results):
    detail: str
    warnings: list[str]
    def firms(self, productivity: ArrayLike) -> Firms: ...
    def to_series(self) -> Any: ...

class Sweep(_Results):
    shape: tuple[int, ...]
    def __getattr__(self, name: str) -> np.ndarray: ...
    def to_frame(self) -> Any: ...

class PolicyStudy:
    csv: str
    status: dict[Any, str]
    failed: list[Any]
    notes: dict[Any, list[str]]
    table: Any
    def __getitem__(self, name: str) -> Any: ...

def policy(*, folder: str = ..., progress: Callable[[int, int], Any] | None = ..., **study: Any) -> PolicyStudy: ...
def model_names() -> tuple[str, ...]: ...
def describe(model: str) -> Model: ...
def compare(before: Equilibrium, after: Equilibrium | None = ..., /, **changes: Any) -> Comparison: ...
def gains_from_trade(model: str | Equilibrium, distribution: Laws | None = ..., *, max_evaluations: int = ..., **parameters: Any) -> Any: ...
def derivatives(model: str | Equilibrium, distribution: Laws | None = ..., *, results: str | Iterable[str], by: str | Iterable[str], threads: int = ..., progress: bool | Callable[[int, int], Any] = ..., **parameters: Any) -> Derivatives: ...
def curves(model: str | Equilibrium, distribution: Laws | None = ..., *, cutoff: ArrayLike, **parameters: Any) -> Curves: ...
def firms(equilibrium: Equilibrium, productivity: ArrayLike) -> Firms: ...
def calibrate(model: str, distribution: Laws, **targets: float) -> dict[str, Any]: ...
def mixture(weights: ArrayLike, components: Iterable[Law]) -> Law: ...
def truncated(law: Law, lower: float = ..., upper: float = ...) -> Law: ...
def from_data(values: ArrayLike, weights: ArrayLike | None = ...) -> Law: ...
def from_log_density(log_density: Callable[[np.ndarray], ArrayLike], log_lower: float = ..., log_upper: float = ..., log_breakpoints: Iterable[float] = ...) -> Law: ...

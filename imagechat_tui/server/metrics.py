"""Numbers of this process in Prometheus' text format; counts and prints, and knows no route.

Names follow Prometheus' conventions. Labels never carry what callers made up: paths appear as the route that matched.
"""

from collections import Counter
from collections.abc import Callable
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Upper bounds of request durations, in seconds."""


class Metrics:
    """Counters, and gauges that are read when somebody looks."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        """``clock`` counts seconds and never goes back."""
        self._clock = clock
        self.in_flight = 0
        """Requests that have come and are not answered yet."""
        self.last_request = clock()
        """When a request last came or was answered, by the clock."""
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._durations: Counter[int] = Counter()
        self._seconds = 0.0
        self._refused: Counter[str] = Counter()
        self._gauges: dict[str, tuple[str, str, Callable[[], float]]] = {}

    def began(self) -> None:
        """A request has come."""
        self.in_flight += 1
        self.last_request = self._clock()

    def ended(self) -> None:
        """It is answered."""
        self.in_flight -= 1
        self.last_request = self._clock()

    def request(self, method: str, route: str, status: int, *, seconds: float) -> None:
        """One answered request; ``route`` is the pattern that matched."""
        self._requests[method, route, status] += 1
        self._seconds += seconds
        slot = next((at for at, most in enumerate(_BUCKETS) if seconds <= most), len(_BUCKETS))
        self._durations[slot] += 1

    def refused(self, code: str) -> None:
        """One refusal, by the contract's code."""
        self._refused[code] += 1

    def gauge(self, name: str, says: str, read: Callable[[], float]) -> None:
        """A number that is read at every look."""
        self._gauges[name] = ("gauge", says, read)

    def counter(self, name: str, says: str, read: Callable[[], float]) -> None:
        """A number that somebody else counts and that only grows; ``name`` ends in ``_total``."""
        self._gauges[name] = ("counter", says, read)

    def text(self) -> str:
        """Everything, one number a line."""
        lines = [
            "# HELP imagechat_requests_total Answered HTTP requests.",
            "# TYPE imagechat_requests_total counter",
            *(
                f'imagechat_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
                for (method, route, status), count in sorted(self._requests.items())
            ),
            "# HELP imagechat_refusals_total Refusals by code.",
            "# TYPE imagechat_refusals_total counter",
            *(f'imagechat_refusals_total{{code="{code}"}} {count}' for code, count in sorted(self._refused.items())),
            *self._histogram(),
        ]
        for name, (kind, says, read) in self._gauges.items():
            lines += [f"# HELP {name} {says}", f"# TYPE {name} {kind}", f"{name} {read():g}"]
        return "\n".join(lines) + "\n"

    def _histogram(self) -> list[str]:
        name = "imagechat_request_duration_seconds"
        lines = [f"# HELP {name} Time from a request's head to its answer.", f"# TYPE {name} histogram"]
        total = 0
        for slot, most in enumerate(_BUCKETS):
            total += self._durations[slot]
            lines.append(f'{name}_bucket{{le="{most:g}"}} {total}')
        total += self._durations[len(_BUCKETS)]
        return [
            *lines,
            f'{name}_bucket{{le="+Inf"}} {total}',
            f"{name}_sum {self._seconds:.6f}",
            f"{name}_count {total}",
        ]

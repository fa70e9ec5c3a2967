"""How hostile the wire of one schedule is: chances and delays, drawn once from the schedule's seed."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Weather:
    """Chances are per message, delays in virtual seconds."""

    delay: float
    lost_request: float
    lost_reply: float
    slow_request: float
    error: float
    drop_frame: float
    double_frame: float
    overtake: float
    batch: float
    malformed: float
    slow_log: float


FAIR = Weather(
    delay=0.02,
    lost_request=0.0,
    lost_reply=0.0,
    slow_request=0.0,
    error=0.0,
    drop_frame=0.0,
    double_frame=0.0,
    overtake=0.0,
    batch=0.2,
    malformed=0.0,
    slow_log=0.0,
)


def forecast(rng: Random) -> Weather:
    """The weather of a schedule; a third of the chances are zero, so that faults also come alone."""

    def chance(most: float) -> float:
        return 0.0 if rng.random() < 0.33 else rng.random() * most

    return Weather(
        delay=rng.choice((0.005, 0.05, 0.3, 1.0)),
        lost_request=chance(0.12),
        lost_reply=chance(0.2),
        slow_request=chance(0.08),
        error=chance(0.08),
        drop_frame=chance(0.1),
        double_frame=chance(0.15),
        overtake=chance(0.25),
        batch=chance(0.8),
        malformed=chance(0.03),
        slow_log=chance(0.5),
    )

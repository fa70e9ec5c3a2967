"""How an invariant says that it does not hold."""


class Broken(AssertionError):  # noqa: N818 - what is broken is an invariant
    """An invariant does not hold; the message says which, for whom, and how."""


def demand(holds: object, what: str, *facts: object) -> None:
    """Raise unless it holds."""
    if not holds:
        raise Broken(f"{what}: " + ", ".join(map(str, facts)))

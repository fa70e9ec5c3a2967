"""A short run of the fuzzing that ``python -m tests.hostile.fuzz`` does for longer, and proof that it would tell."""

import random

import pytest

from tests.hostile import fuzz, making


async def test_some_hundred_cases_find_nothing() -> None:
    """Of every kind; many of them are let in, or they would test the refusals only."""
    found = await fuzz.run(400, seed=3)
    assert not found.wrong, "\n".join(fuzz.told(found))
    assert set(found.cases) == set(fuzz.SHARES)
    assert found.answers["200"] >= 30
    assert found.answers["101"] >= 20
    assert found.answers["refused"] >= 20


async def test_a_leak_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the number that plays it again."""
    monkeypatch.setattr(fuzz, "CANARY", b'"status"')
    found = await fuzz.run(30, seed=1)
    assert found.wrong
    number = int(found.wrong[0].split()[1])
    assert f"case {number} " in (await fuzz.run(1, seed=1, first=number)).wrong[0]


def test_growth_is_counted_from_the_warm_server() -> None:
    """What it holds after its first cases is its size."""
    found = fuzz.Found(resident=[10, 50, *[60] * 17, 90, 70])
    assert found.growth == 30


def test_the_same_number_makes_the_same_case() -> None:
    """Whatever was made before it."""
    names = making.Names(known={"urlId": "p"}, identities=("",), sso=('{"userDataJSONBase64":"x"}',), live="urlId=p")
    for maker in (making.request, making.broken_request, making.sign_in, making.log_range, making.knock):
        first, second = (maker(random.Random("1:5"), names) for _ in range(2))
        assert first == second
    assert making.picture(random.Random(1)) == making.picture(random.Random(1))

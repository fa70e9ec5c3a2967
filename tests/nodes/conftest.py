"""What several nodes share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.nodes import Engines, engines


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Engines]:
    """A PostgreSQL and a Redis of this test's own."""
    async with engines(tmp_path) as made:
        yield made

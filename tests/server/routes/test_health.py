"""What operators and probes ask: alive with the time, ready, numbers for this machine or with a token."""

from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from imagechat_tui.protocol import paths
from tests.support.servers import InProcess, in_process


async def test_a_probe_learns_the_time_of_the_server(server: InProcess) -> None:
    """By the header that every HTTP client knows."""
    async with httpx.AsyncClient(base_url=server.url) as probe:
        answer = await probe.get(paths.HEALTH)
    assert answer.json() == {"status": "success"}
    told = parsedate_to_datetime(answer.headers["date"]).timestamp()
    assert abs(told - server.running.deps.clock_ms() / 1000) < 60


async def test_ready_means_that_the_database_answers(server: InProcess) -> None:
    """Which a process that is merely alive does not promise."""
    async with httpx.AsyncClient(base_url=server.url) as probe:
        assert (await probe.get(paths.READY)).status_code == 200


@pytest.mark.parametrize(
    ("shown", "status"), [({}, 401), ({"authorization": "Bearer wrong"}, 401), ({"authorization": "Bearer t"}, 200)]
)
async def test_a_metrics_token_is_asked_of_everybody(tmp_path: Path, shown: dict[str, str], status: int) -> None:
    """Also of callers on this machine, which a proxy in front of the server is."""
    async with in_process(tmp_path, metrics_token="t") as server, httpx.AsyncClient(base_url=server.url) as scraper:
        assert (await scraper.get(paths.METRICS, headers=shown)).status_code == status


async def test_numbers_without_a_token_are_for_this_machine(server: InProcess) -> None:
    """And name no tenant; what a proxy passes on comes from somewhere else."""
    await server.tenant("acme")
    async with httpx.AsyncClient(base_url=server.url) as scraper:
        answer = await scraper.get(paths.METRICS)
        assert answer.status_code == 200
        assert "acme" not in answer.text
        for name in ("Forwarded", "X-Forwarded-For", "Via"):
            assert (await scraper.get(paths.METRICS, headers={name: "203.0.113.7"})).status_code == 403

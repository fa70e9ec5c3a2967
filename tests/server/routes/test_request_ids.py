"""A caller whose request was refused can name it, and the operator finds it in the log by that name."""

import json
from pathlib import Path

import httpx

from imagechat_tui.protocol import paths
from tests.support.servers import process


async def test_a_refusal_is_found_in_the_log_by_its_id(tmp_path: Path) -> None:
    """As fields of a line of JSON: which route, whose tenant, how long, and never the address."""
    async with process(tmp_path / "data", "--log-format", "json") as server:
        await server.tenant()
        async with httpx.AsyncClient(base_url=server.url) as client:
            refused = await client.get(paths.comments("acme"), params={"urlId": "page", "sso": "words of somebody"})
            fine = await client.get(paths.comments("acme"), params={"urlId": "page"})
            unrouted = await client.get("/nowhere")
        await server.terminate()
    assert (refused.status_code, fine.status_code, unrouted.status_code) == (401, 200, 404)
    assert "x-request-id" not in fine.headers, "an answer that is fine stays light"
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    (found,) = (line for line in lines if line.get("request") == refused.headers["x-request-id"])
    assert (found["method"], found["route"], found["status"]) == ("GET", "/comments/{tenant}", 401)
    assert found["tenant"] == "acme"
    assert found["milliseconds"] > 0
    assert found["message"].startswith("GET /comments/{tenant} 401")
    assert "words of somebody" not in server.log.read_text()
    ids = [line["request"] for line in lines if "request" in line]
    assert len(ids) == len(set(ids)) >= 2

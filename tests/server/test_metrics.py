"""Numbers in Prometheus' format: names, labels, a histogram that adds up."""

import re

from imagechat_tui.server.metrics import Metrics

_LINE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? [0-9.e+-]+')


def _metrics() -> Metrics:
    return Metrics(clock=lambda: 7.0)


def test_every_line_is_a_comment_or_a_number() -> None:
    """As the format says."""
    metrics = _metrics()
    metrics.request("GET", "/comments/{tenant}", 200, seconds=0.003)
    metrics.refused("429")
    metrics.gauge("imagechat_live_sockets", "Open live sockets.", lambda: 3)
    metrics.counter("imagechat_dropped_total", "Dropped.", lambda: 2)
    for line in metrics.text().splitlines():
        assert line.startswith("# ") or _LINE.fullmatch(line), line
    assert 'imagechat_requests_total{method="GET",route="/comments/{tenant}",status="200"} 1' in metrics.text()
    assert "imagechat_live_sockets 3" in metrics.text()


def test_the_histogram_adds_up() -> None:
    """Every bucket holds those below it; the last one holds all."""
    metrics = _metrics()
    for seconds in (0.0005, 0.02, 0.3, 9.0):
        metrics.request("GET", "/", 200, seconds=seconds)
    name = "imagechat_request_duration_seconds"
    counts = [int(found) for found in re.findall(rf'{name}_bucket\{{le="[^"]+"\}} (\d+)', metrics.text())]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (1, 4)
    assert f"{name}_count 4" in metrics.text()


def test_requests_in_flight_are_counted_up_and_down() -> None:
    """And the last moment of activity is known."""
    metrics = _metrics()
    metrics.began()
    assert metrics.in_flight == 1
    metrics.ended()
    assert metrics.in_flight == 0
    assert metrics.last_request == 7.0

"""The live socket: a small WebSocket protocol class for uvicorn, and what it asks before it opens."""

from imagechat_tui.server.live.entrance import Entrance, LiveSettings
from imagechat_tui.server.live.gate import Admission, Gate, Knock, Rejection
from imagechat_tui.server.live.gatekeeper import Gatekeeper
from imagechat_tui.server.live.socket import make_live

__all__ = ["Admission", "Entrance", "Gate", "Gatekeeper", "Knock", "LiveSettings", "Rejection", "make_live"]

"""Rooms of viewers: what is committed reaches everybody who looks, encoded once, and nobody waits for anybody."""

from imagechat_tui.server.hub.hub import Hub, HubSettings
from imagechat_tui.server.hub.news import News
from imagechat_tui.server.hub.presence import Person, Present
from imagechat_tui.server.hub.viewers import Outlet, Viewer

__all__ = ["Hub", "HubSettings", "News", "Outlet", "Person", "Present", "Viewer"]

"""Pictures to measure with: five user interfaces and two photo-like scenes, generated, always the same."""

from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE: Final = (1440, 960)

_INK, _SOFT, _LINE, _PAPER, _BLUE = "#1f2430", "#6b7280", "#d9dee8", "#ffffff", "#0f62fe"
_LABELS: Final = [
    "Overview",
    "Orders",
    "Customers",
    "Products",
    "Reports",
    "Settings",
    "Billing",
    "Team",
    "Messages",
    "Archive",
    "Support",
    "Search",
]
_WORDS: Final = [
    "the",
    "label",
    "touches",
    "edge",
    "of",
    "card",
    "and",
    "total",
    "does",
    "not",
    "match",
    "order",
    "please",
    "check",
    "before",
    "release",
]

Draw = ImageDraw.ImageDraw


def interfaces() -> dict[str, Image.Image]:
    """User interfaces by name."""
    return {scene.__name__: _drawn(scene) for scene in (dashboard, checkout, table, editor, messages)}


def photos() -> dict[str, Image.Image]:
    """Scenes without straight edges, by name."""
    return {"landscape": _landscape(), "portrait": _portrait()}


def dashboard(draw: Draw) -> None:
    """Sidebar, cards with figures, a bar chart and a line chart."""
    _page(draw, "#f4f6fb")
    draw.rectangle((0, 0, 220, 960), fill="#141a2a")
    for i, label in enumerate(_LABELS):
        if i == 1:
            draw.rounded_rectangle((12, 76 + i * 44, 208, 112 + i * 44), 6, fill=_BLUE)
        _text(draw, (44, 84 + i * 44), label, 15, "#dfe5f5")
        draw.ellipse((20, 86 + i * 44, 34, 100 + i * 44), outline="#8fa0c8", width=2)
    for i in range(4):
        x = 250 + i * 295
        _card(draw, (x, 90, x + 270, 210))
        _text(draw, (x + 18, 104), _LABELS[i + 1], 14, _SOFT)
        _text(draw, (x + 18, 128), f"{(i + 3) * 1247:,}", 34, _INK)
        _text(draw, (x + 18, 178), f"+{i + 2}.{i} % since May", 13, "#16825d" if i % 2 else "#c02a37")
    _card(draw, (250, 240, 840, 640))
    for i in range(12):
        height = 60 + (i * 67) % 250
        draw.rectangle((280 + i * 45, 610 - height, 308 + i * 45, 610), fill=_BLUE if i % 3 else "#8ab4ff")
        draw.line((270, 610 - i * 30, 820, 610 - i * 30), fill=_LINE)
    _card(draw, (870, 240, 1410, 640))
    points = [(900 + i * 24, 560 - int(120 * np.sin(i / 3)) - i * 4) for i in range(21)]
    draw.line(points, fill="#8a3ffc", width=3)
    _paragraphs(draw, (250, 680), 10, 1160)


def checkout(draw: Draw) -> None:
    """A form on the left, a bill on the right, one large button."""
    _page(draw, "#ffffff")
    draw.rectangle((0, 0, 1440, 64), fill="#f0f2f7")
    _text(draw, (40, 18), "Nordic Goods", 24, _INK)
    for i, label in enumerate(("Cart", "Delivery", "Payment", "Done")):
        draw.ellipse((560 + i * 140, 20, 584 + i * 140, 44), fill=_BLUE if i < 3 else "#c5ccd9")
        _text(draw, (592 + i * 140, 23), label, 15, _INK)
    for i, label in enumerate(("Full name", "E-mail address", "Street and number", "Postal code", "Card number")):
        _text(draw, (120, 110 + i * 110), label, 14, _SOFT)
        draw.rounded_rectangle((120, 134 + i * 110, 760, 182 + i * 110), 6, outline="#9aa5b8", width=1)
        _text(draw, (136, 148 + i * 110), " ".join(_WORDS[i : i + 4]), 16, _INK)
    draw.rounded_rectangle((120, 700, 760, 760), 8, fill=_BLUE)
    _text(draw, (390, 716), "Pay now", 22, "#ffffff")
    _paragraphs(draw, (120, 800), 5, 640)
    _card(draw, (860, 110, 1340, 720))
    for i in range(6):
        draw.rounded_rectangle(
            (890, 140 + i * 76, 946, 196 + i * 76), 6, fill=f"#{60 + i * 25:02x}90{220 - i * 20:02x}"
        )
        _text(draw, (964, 146 + i * 76), " ".join(_WORDS[i : i + 3]).title(), 16, _INK)
        _text(draw, (964, 170 + i * 76), "size M, 2 pieces", 13, _SOFT)
        _text(draw, (1250, 150 + i * 76), f"{19 + i * 7}.90", 16, _INK)
    draw.line((890, 620, 1310, 620), fill=_LINE, width=2)
    _text(draw, (890, 650), "Total", 24, _INK)
    _text(draw, (1220, 650), "214.40", 24, _INK)


def table(draw: Draw) -> None:
    """Many rows with thin lines, badges and small text."""
    _page(draw, "#fafbfc")
    _text(draw, (40, 28), "Orders", 30, _INK)
    draw.rounded_rectangle((1040, 28, 1400, 68), 20, outline="#b6bfce")
    _text(draw, (1060, 38), "Search orders", 15, _SOFT)
    draw.rectangle((40, 100, 1400, 140), fill="#eef1f6")
    for i, label in enumerate(("Order", "Customer", "Date", "Items", "Status", "Total")):
        _text(draw, (60 + i * 230, 111), label, 14, _SOFT)
    colors = ("#d6f5e3", "#fde7e9", "#fff3cd", "#e0ebff")
    for row in range(19):
        y = 148 + row * 42
        draw.line((40, y + 36, 1400, y + 36), fill=_LINE)
        _text(draw, (60, y + 6), f"#{48213 + row * 17}", 14, _BLUE)
        _text(draw, (290, y + 6), f"{_LABELS[row % 12]} {_WORDS[row % 15].title()}", 14, _INK)
        _text(draw, (520, y + 6), f"2026-0{row % 9 + 1}-1{row % 10}", 14, _SOFT)
        _text(draw, (750, y + 6), str(row % 7 + 1), 14, _INK)
        draw.rounded_rectangle((980, y + 2, 1080, y + 28), 12, fill=colors[row % 4])
        _text(draw, (996, y + 6), ("paid", "failed", "waiting", "sent")[row % 4], 14, _INK)
        _text(draw, (1210, y + 6), f"{row * 37 + 12}.50", 14, _INK)


def editor(draw: Draw) -> None:
    """Dark: a tree, colored code, a terminal below."""
    _page(draw, "#1e1e2e")
    draw.rectangle((0, 0, 260, 960), fill="#181825")
    for i in range(26):
        _text(draw, (24 + i % 3 * 16, 20 + i * 32), f"{_WORDS[i % 15]}_{_LABELS[i % 12].lower()}.py", 14, "#a6adc8")
    draw.rectangle((260, 0, 1440, 40), fill="#11111b")
    draw.rectangle((260, 0, 440, 40), fill="#1e1e2e")
    _text(draw, (280, 10), "session.py", 15, "#cdd6f4")
    palette = ("#cba6f7", "#89b4fa", "#a6e3a1", "#f9e2af", "#cdd6f4")
    for line in range(27):
        _text(draw, (280, 56 + line * 24), f"{line + 1:3}", 14, "#585b70")
        x = 330 + (line * 7 % 4) * 28
        for word in range(line * 5 % 7 + 1):
            text = _WORDS[(line + word * 3) % 15]
            _text(draw, (x, 56 + line * 24), text, 15, palette[(line + word) % 5])
            x += 12 + 9 * len(text)
    draw.rectangle((260, 720, 1440, 960), fill="#11111b")
    for line in range(8):
        _text(draw, (280, 736 + line * 26), f"$ pytest tests/{_WORDS[line]} -q  {line * 12} passed", 14, "#a6e3a1")


def messages(draw: Draw) -> None:
    """A list of people, bubbles, round pictures."""
    _page(draw, "#ece5dd")
    draw.rectangle((0, 0, 420, 960), fill=_PAPER)
    for i in range(11):
        y = 20 + i * 84
        draw.ellipse((20, y, 76, y + 56), fill=f"#{90 + i * 12:02x}{200 - i * 11:02x}{140 + i * 7:02x}")
        _text(draw, (92, y + 4), f"{_LABELS[i]} {_WORDS[i].title()}", 17, _INK)
        _text(draw, (92, y + 30), " ".join(_WORDS[i : i + 4]), 14, _SOFT)
        draw.line((92, y + 70, 420, y + 70), fill=_LINE)
    for i in range(8):
        left = 460 if i % 2 else 800
        draw.rounded_rectangle(
            (left, 30 + i * 110, left + 560, 120 + i * 110), 14, fill="#ffffff" if i % 2 else "#dcf8c6"
        )
        _paragraphs(draw, (left + 18, 42 + i * 110), 3, 520, step=24)


def _drawn(scene: Callable[[Draw], None]) -> Image.Image:
    image = Image.new("RGB", SIZE)
    scene(ImageDraw.Draw(image))
    return image


def _page(draw: Draw, color: str) -> None:
    draw.rectangle((0, 0, *SIZE), fill=color)


def _card(draw: Draw, box: tuple[int, int, int, int]) -> None:
    draw.rounded_rectangle(box, 10, fill=_PAPER, outline=_LINE)


def _text(draw: Draw, at: tuple[int, int], text: str, size: int, color: str) -> None:
    draw.text(at, text, fill=color, font=ImageFont.load_default(size))


def _paragraphs(draw: Draw, at: tuple[int, int], lines: int, width: int, *, step: int = 26) -> None:
    for line in range(lines):
        words = " ".join(_WORDS[(line * 4 + i) % 15] for i in range(width // 42))
        _text(draw, (at[0], at[1] + line * step), words, 15, _INK)


def _landscape() -> Image.Image:
    width, height = SIZE
    rng = np.random.default_rng(7)
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    sky = np.stack([90 + 120 * y, 140 + 80 * y, 220 - 20 * y], -1)
    ridge = 0.55 + 0.08 * np.sin(9 * x) + 0.04 * np.sin(31 * x + 1)
    ground = np.stack([50 + 60 * y, 90 + 50 * (1 - y), 40 + 30 * np.sin(40 * x * y)], -1)
    scene = np.where((y > ridge)[..., None], ground, sky) + rng.normal(0, 9, (height, width, 1))
    return Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1))


def _portrait() -> Image.Image:
    image = Image.new("RGB", SIZE, "#6d5a4a")
    draw = ImageDraw.Draw(image)
    rng = np.random.default_rng(11)
    for _ in range(420):
        cx, cy, radius = int(rng.integers(0, SIZE[0])), int(rng.integers(0, SIZE[1])), int(rng.integers(8, 130))
        color = tuple(int(c) for c in np.clip(rng.normal((150, 115, 90), 45), 0, 255))
        draw.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), fill=color)
    return image.filter(ImageFilter.GaussianBlur(5))

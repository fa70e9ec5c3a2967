"""What the demo's reviewers do and say: plain data, in an order that makes sense; it knows no clock and no client."""

from typing import Final

from msgspec import Struct

ANA, TOMO, LIN = "ana", "tomo", "lin"


class Persona(Struct, frozen=True, kw_only=True):
    """One reviewer."""

    key: str
    name: str
    pace: float
    """How long they think, as a multiple of everybody's pause."""
    moderator: bool = False


PERSONAS: Final = (
    Persona(key=ANA, name="Ana Novak", pace=0.8, moderator=True),
    Persona(key=TOMO, name="Tomo Kralj", pace=1.0),
    Persona(key=LIN, name="Lin Okafor", pace=1.3),
)


class Act(Struct, frozen=True, kw_only=True):
    """One thing that somebody does."""

    who: str


class Pin(Act, frozen=True, kw_only=True):
    """A marker at a spot of the mockup; the spot names its thread from then on."""

    spot: str
    text: str


class Reply(Act, frozen=True, kw_only=True):
    """A comment in the thread of a spot; ``name`` is for acts that come back to it."""

    spot: str
    text: str
    name: str = ""


class Edit(Act, frozen=True, kw_only=True):
    """Another text for one's own comment."""

    name: str
    text: str


class Unsay(Act, frozen=True, kw_only=True):
    """One's own comment is deleted."""

    name: str


class Settle(Act, frozen=True, kw_only=True):
    """A thread is resolved, or opened again."""

    spot: str
    resolved: bool = True


class Unpin(Act, frozen=True, kw_only=True):
    """One's own marker is deleted."""

    spot: str


class Nudge(Act, frozen=True, kw_only=True):
    """One's own marker is moved by so many percent."""

    spot: str
    by: tuple[float, float]


class Vanish(Act, frozen=True, kw_only=True):
    """The connection is lost, and comes back after a while."""

    pauses: float
    """How long, in pauses of this play."""


PROLOGUE: Final[tuple[Act, ...]] = (
    Pin(who=ANA, spot="pay", text="The label does not fit: it touches both edges and the P is cut off."),
    Reply(who=TOMO, spot="pay", text="“Pay EUR 477.90” is enough. The rest goes into the line below."),
    Pin(who=LIN, spot="note", text="Far too pale. I measure about 1.6:1, text needs 4.5:1."),
    Pin(who=TOMO, spot="price", text="349.00 hangs lower and further right than the other prices."),
    Reply(who=ANA, spot="price", text="9 px each way. Leftover from the old grid?", name="grid"),
    Settle(who=TOMO, spot="price"),
    Pin(who=ANA, spot="express", text="I love the selected state. Border and fill, so it works without color."),
)
"""What has already happened when somebody comes in."""

FIRST_ROUND: Final[tuple[Act, ...]] = (
    Reply(who=LIN, spot="pay", text="+1 for shorter. In Slovene it is even longer: “Plačaj in zaključi naročilo”."),
    Pin(who=TOMO, spot="number", text="Can we group the digits while typing? Four and four is easier to check."),
    Reply(who=ANA, spot="note", text="Changing it to the muted green of the addresses.", name="muted"),
    Edit(who=ANA, name="muted", text="Changing it to the muted green of the addresses: 5.7:1, just measured."),
    Reply(who=LIN, spot="note", text="Perfect, thank you."),
    Settle(who=LIN, spot="note"),
    Pin(who=LIN, spot="map", text="Is the map worth its place? On a phone it pushes the button below the fold."),
    Vanish(who=TOMO, pauses=3),
    Reply(who=ANA, spot="map", text="People in tests liked it, it reassured them. I would keep it on wide screens."),
    Reply(who=LIN, spot="map", text="wide screens only then", name="only"),
    Edit(who=LIN, name="only", text="Wide screens only then. Writing that down."),
    Reply(who=TOMO, spot="map", text="Back again, train tunnel. Agreed with the map."),
    Settle(who=LIN, spot="map"),
    Pin(who=TOMO, spot="search", text="Do we want search on the checkout at all? Every way out costs orders."),
    Nudge(who=TOMO, spot="search", by=(3.2, 0.3)),
    Reply(who=LIN, spot="search", text="Numbers from last spring: 2 % use it here, half of them do not come back."),
    Reply(who=TOMO, spot="pay", text="New label is in the file. Please look again.", name="file"),
    Settle(who=ANA, spot="pay"),
)
"""The first minutes."""

LATER: Final[tuple[tuple[Act, ...], ...]] = (
    (
        Pin(who=ANA, spot="chart", text="Why is Wednesday yellow? Without a legend it looks like a warning."),
        Reply(who=TOMO, spot="chart", text="It is today. I will label it."),
        Settle(who=ANA, spot="chart"),
    ),
    (
        Pin(who=LIN, spot="promo", text="“Apply” is as loud as the payment itself. Quieter, please."),
        Reply(who=ANA, spot="promo", text="Text button?", name="button"),
        Edit(who=ANA, name="button", text="A text button in green, then?"),
        Reply(who=LIN, spot="promo", text="Yes."),
        Settle(who=ANA, spot="promo"),
    ),
    (
        Vanish(who=LIN, pauses=4),
        Pin(who=TOMO, spot="team", text="Three faces are nice. Are they really online at night?"),
        Reply(who=LIN, spot="team", text="Only until ten. After that the card should say so."),
        Settle(who=TOMO, spot="team"),
    ),
    (
        Pin(who=TOMO, spot="steps", text="Can I go back by clicking a step? It looks as if I could."),
        Reply(who=ANA, spot="steps", text="Yes, the finished ones."),
        Reply(who=TOMO, spot="steps", text="Then they need a hover state.", name="hover"),
        Unsay(who=TOMO, name="hover"),
        Settle(who=ANA, spot="steps"),
    ),
    (
        Pin(who=ANA, spot="lamp", text="The lamp icon is my favourite thing on this page."),
        Reply(who=LIN, spot="lamp", text="Mine too :)"),
        Unpin(who=ANA, spot="lamp"),
    ),
    (
        Settle(who=LIN, spot="express", resolved=False),
        Reply(
            who=LIN, spot="express", text="One more thing: “Tomorrow, noon” needs a time zone for orders from abroad."
        ),
        Vanish(who=ANA, pauses=3),
        Reply(who=TOMO, spot="express", text="We know the address by then, so it can be local time."),
        Settle(who=LIN, spot="express"),
    ),
    (
        Pin(who=LIN, spot="total", text="Where is the tax? People outside look for it right here."),
        Reply(who=TOMO, spot="total", text="Included. A small line says so in the last version, it got lost."),
        Settle(who=LIN, spot="total"),
    ),
)
"""Small scenes that are played again and again afterwards, in a shuffled order."""

ANSWERS_TO_MARKERS: Final = (
    "Good catch, I had not seen that.",
    "Right. Shall I take this one?",
    "Hm, I was not sure about this spot either. What would you do?",
    "Agreed. Let me try something here this afternoon.",
)
ANSWERS_TO_COMMENTS: Final = (
    "Makes sense.",
    "Yes, let us do that.",
    "I would like to see both next to each other.",
    "Good point, noted.",
)
"""What they say when a guest pins or writes something."""

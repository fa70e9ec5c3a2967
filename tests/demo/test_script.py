"""The script makes sense: nobody speaks of what is not there, and the words are fit to be read."""

from imagechat_tui.demo import script
from imagechat_tui.demo.mockup import SPOTS
from imagechat_tui.protocol.limits import COMMENT_CHARACTERS


def test_acts_refer_to_what_earlier_acts_made() -> None:
    """In every scene that may follow the first round, in any order."""
    pinned: set[str] = set()
    named: set[str] = set()
    for scene in (script.PROLOGUE, script.FIRST_ROUND, *script.LATER):
        for act in scene:
            assert act.who in {persona.key for persona in script.PERSONAS}
            match act:
                case script.Pin():
                    assert act.spot in SPOTS
                    pinned.add(act.spot)
                case script.Reply() | script.Settle() | script.Nudge():
                    assert act.spot in pinned
                case script.Unpin():
                    pinned.remove(act.spot)
                case script.Edit() | script.Unsay():
                    assert act.name in named
            if isinstance(act, script.Reply) and act.name:
                named.add(act.name)


def test_only_authors_edit_unsay_and_unpin() -> None:
    """The server would refuse anything else."""
    pins: dict[str, str] = {}
    comments: dict[str, str] = {}
    for act in (*script.PROLOGUE, *script.FIRST_ROUND, *(act for scene in script.LATER for act in scene)):
        match act:
            case script.Pin():
                pins[act.spot] = act.who
            case script.Reply() if act.name:
                comments[act.name] = act.who
            case script.Edit() | script.Unsay():
                assert comments[act.name] == act.who
            case script.Unpin() | script.Nudge():
                assert pins[act.spot] == act.who


def test_words_fit() -> None:
    """No comment is longer than the server takes."""
    acts = (*script.PROLOGUE, *script.FIRST_ROUND, *(act for scene in script.LATER for act in scene))
    texts = [act.text for act in acts if isinstance(act, script.Pin | script.Reply | script.Edit)]
    assert all(0 < len(text) <= COMMENT_CHARACTERS for text in texts)

"""``imagechat completions``: the script that teaches a shell our commands; prints it and installs nothing."""

import click
from click.shell_completion import get_completion_class

from imagechat_tui.errors import UsageError
from imagechat_tui.i18n import _

_VARIABLE = "_IMAGECHAT_COMPLETE"


@click.command("completions")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    r"""Print completions for SHELL.

    \b
    bash:  imagechat completions bash > ~/.local/share/bash-completion/completions/imagechat
    zsh:   imagechat completions zsh > "${fpath[1]}/_imagechat"
    fish:  imagechat completions fish > ~/.config/fish/completions/imagechat.fish
    """
    from imagechat_tui.cli.root import group

    found = get_completion_class(shell)
    if found is None:
        raise UsageError(_("There are no completions for {shell}.").format(shell=shell))
    print(found(group, {}, "imagechat", _VARIABLE).source(), end="")

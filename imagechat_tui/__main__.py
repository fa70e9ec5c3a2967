"""``python -m imagechat_tui`` is ``imagechat``."""

import sys

from imagechat_tui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

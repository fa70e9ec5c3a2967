"""Puts the commit and the day of a build into the package, for ``imagechat --version``; runs while a wheel is built."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILE = "imagechat_tui/build.json"


class FactsOfBuild(BuildHookInterface):
    """Writes nothing into the source tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file to the archive; an archive that has one already keeps it."""
        if version == "editable" or (Path(self.root) / FILE).exists():
            return
        when = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
        facts = {"commit": self._commit(), "built": time.strftime("%Y-%m-%d", time.gmtime(when))}
        self._folder = tempfile.mkdtemp()
        written = Path(self._folder) / "build.json"
        written.write_text(json.dumps(facts), encoding="ascii")
        build_data["force_include"][str(written)] = FILE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's shape
        """Leave nothing behind."""
        if folder := getattr(self, "_folder", None):
            shutil.rmtree(folder, ignore_errors=True)

    def _commit(self) -> str:
        git = shutil.which("git")
        if git is None:
            return ""
        asked = [git, "-C", self.root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()

"""Where somebody may be sent after signing in: only to pages of the console."""

from __future__ import annotations

import re

HOME = "/console/"
_LOCAL = re.compile(r"/console/[A-Za-z\d/_.?&=+%-]{,300}", re.ASCII)


def local(address: str) -> str:
    """The address when it is one of the console's own, otherwise the home page.

    Letters that a browser reads as the beginning of another host (`//`, backslash, control characters) do not match.
    """
    is_ours = _LOCAL.fullmatch(address) is not None and "//" not in address and "/." not in address
    return address if is_ours else HOME

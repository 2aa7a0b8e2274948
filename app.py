"""The front door: `python app.py` opens the chat in the browser, `python app.py ask "…"` answers in the terminal."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it with an older Python is to read why it does not start
    sys.exit("Python 3.11 以降が必要です。 / Python 3.11 or newer is needed.")

try:
    from assistant.faces.cli import main
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] == "assistant":
        raise
    from assistant.messages import preferred_language, say

    print(say("cli.not_installed", preferred_language(), module=error.name), file=sys.stderr)
    sys.exit(3)

if __name__ == "__main__":
    main()

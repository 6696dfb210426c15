"""The line that says how far the work is."""

from __future__ import annotations

import io

from nbjudge.grading.progress import Progress, in_words


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_progress_line_says_rate_and_rest() -> None:
    now = [0.0]
    screen = Screen()
    progress = Progress(4, screen, lambda: now[0])
    for _ in range(2):
        now[0] += 30
        progress.step()
    assert "\n" not in screen.getvalue()
    assert screen.getvalue().split("\r\x1b[K")[-1] == "[████████████············] 2 of 4, 2 a minute, 60 s to go"


def test_elsewhere_it_is_a_plain_line_now_and_then() -> None:
    now = [0.0]
    log = io.StringIO()
    progress = Progress(200, log, lambda: now[0])
    for _ in range(200):
        now[0] += 1
        progress.step()
    progress.__exit__()
    lines = log.getvalue().splitlines()
    assert len(lines) == 20
    assert lines[0] == "  10 of 200, 60 a minute, 3 min to go"
    assert lines[-1] == "  200 of 200, 60 a minute, done in 3 min"
    assert "\x1b" not in log.getvalue()
    assert in_words(7500) == "2 h 5 min"

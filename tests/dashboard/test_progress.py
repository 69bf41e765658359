import io
from dataclasses import dataclass

from dashboard.progress import ProgressBar, drawn


@dataclass
class Step:
    done: int
    total: int
    note: str = "values"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_is_as_full_as_the_work_is_done():
    assert drawn(Step(1, 2)) == "[###############---------------]  50%  values"
    assert drawn(Step(0, 0)).startswith("[------------------------------]   0%")
    assert "100%" in drawn(Step(7, 5))


def test_on_a_terminal_the_bar_stays_in_its_line_and_covers_longer_notes():
    out = Terminal()
    bar = ProgressBar(out)
    bar.show(Step(1, 4, "a long note"))
    bar.show(Step(2, 4, "short"))
    bar.end()
    first, second, last = out.getvalue().split("\r")[1:]
    assert len(first) == len(second)
    assert last.startswith("[##############################] 100%")
    assert last.endswith("\n")


def test_in_a_log_lines_are_few_and_the_last_says_that_all_is_done():
    out = io.StringIO()
    bar = ProgressBar(out)
    for done in range(1000):
        bar.show(Step(done, 1000))
    bar.end()
    lines = out.getvalue().splitlines()
    assert len(lines) < 5
    assert "100%" in lines[-1]

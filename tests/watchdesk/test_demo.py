import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ROOT, environment


@pytest.mark.slow
def test_without_a_screen_the_demo_photographs_a_living_city(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "watchdesk", "demo", "--seconds=6", "--language=zh_CN",
         "--palette=day", "--speed=60"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[0].startswith("No display here")
    assert (done.returncode, done.stderr) == (0, done.stderr)
    open_cases = re.search(r"open cases: (\d+)", done.stdout)
    assert open_cases is not None
    assert 2_500 <= int(open_cases[1]) <= 3_500
    pictures = [Path(line) for line in lines if line.endswith(".png")]
    assert pictures
    assert all((tmp_path / picture).stat().st_size > 20_000 for picture in pictures)
    assert re.fullmatch(
        r"\d+ cases received, \d+ dispatched, \d+ closed; 1 console; (lag \d+ ms|no lag measured)",
        lines[-1],
    )


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_children_end_with_their_parent_however_it_ends(tmp_path: Path) -> None:
    code = (
        "import time; from watchdesk.children import Child\n"
        "with Child('serve', '--practice', '--pack=shenzhen', '--port=0',"
        " '--database=sqlite:///d.sqlite') as child:\n"
        "    child.line('ready: '); print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**environment(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        os.sched_yield()
    assert not alive(child)

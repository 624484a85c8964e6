"""Work happens in a child within limits; what ends it is told in words, and nothing outlives it."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import environment, write_publication

from booklet import limits, worker

HEAD = """
import os, signal, sys, time
from pathlib import Path
from booklet import limits, worker
from booklet.errors import ToolError

lifted = {limits}
try:
    with limits.using(lifted=lifted):
        worker.enter(Path("book"), "load", [])
    worker.note("weave")
except ToolError as error:
    print(*error.diagnostics, error, sep="\\n")
    sys.exit(3)
try:
    {work}
except (MemoryError, OSError) as error:
    print(*worker.exhausted(error).diagnostics)
    sys.exit(3)
"""


def run(work: str, cwd: Path | None = None, **lifted: int) -> subprocess.CompletedProcess[str]:
    names = {name.replace("_", "-"): number for name, number in lifted.items()}
    code = HEAD.replace("{limits}", repr(names)).replace("{work}", work)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False,
        cwd=cwd,
        env=environment(BOOKLET_SECRET="kept", AWS_KEY="dropped"), input="typed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("work", "limit", "number", "words"),
    [
        ("while True: pass", "worker_cpu", 1, "processor time"),
        ("time.sleep(60)", "worker_time", 1, "more than 1 s"),
        ("bytearray(1 << 31)", "worker_memory", 1 << 30, "more memory than it may have"),
        ("os.abort()", "worker_memory", 1 << 30, "a library crashed (SIGABRT)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "worker_memory", 1 << 30, "want of memory"),
        ("Path('x').write_bytes(bytes(99))", "worker_file", 9, "a larger file"),
    ],
    ids=["cpu", "clock", "memory", "crash", "killed", "file"],
)
def test_a_limit_that_strikes_is_told(
    work: str, limit: str, number: int, words: str, tmp_path: Path
) -> None:
    ended = run(work, tmp_path, **{limit: number})
    assert ended.returncode == 3, ended.stderr
    assert "error[worker-limit]: stopped at “weave”" in ended.stdout
    assert words in ended.stdout
    assert f"limit {limit.replace('_', '-')}: {number:,}" in ended.stdout
    assert "hint: a" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_a_program_of_the_work_may_lift_the_limit_on_memory_for_itself() -> None:
    for programs in (False, True):
        inner = (
            "subprocess.run([sys.executable, '-c', 'print(len(bytearray(1 << 31)))'], "
            "preexec_fn=free_memory, stderr=subprocess.DEVNULL)"
        )
        code = HEAD.replace("{limits}", "{'worker-memory': 1 << 30}").replace(
            "[])", f"[], programs={programs})"
        )
        code = code.replace("{work}", f"{inner}; bytearray(1 << 31)")
        code = f"import subprocess\nfrom booklet.check.programs import free_memory\n{code}"
        ended = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60,
            check=False, env=environment(),
        )  # fmt: skip
        assert (f"{1 << 31}\n" in ended.stdout) is programs
        assert "more memory than it may have" in ended.stdout
        assert ended.returncode == 3


def test_the_status_of_the_work_is_that_of_the_command() -> None:
    assert run("sys.exit(2)").returncode == 2
    assert run("print('made')").stdout == "made\n"


def test_a_worker_sees_little_of_the_user() -> None:
    ended = run("print(sys.stdin.read() + str(sorted(os.environ)))")
    names = ended.stdout
    assert "'PATH'" in names
    assert "BOOKLET_SECRET" in names
    assert "AWS_KEY" not in names
    assert "typed" not in names


def test_nothing_temporary_stays_behind(tmp_path: Path) -> None:
    made = "tempfile.mkdtemp(), tempfile.mkstemp()[1]"
    ended = run(f"import tempfile; print({made}, flush=True); os.abort()", tmp_path)
    rooms = {Path(name).parent for name in ended.stdout.splitlines()[0].split()}
    assert len(rooms) == 1
    assert not rooms.pop().exists()


def test_the_first_process_of_a_container_has_a_worker_too() -> None:
    code = HEAD.replace("{limits}", "{}").replace("{work}", "print('made')")
    ended = subprocess.run(
        [sys.executable, "-c", f"import os\nos.getppid = lambda: 1\n{code}"], timeout=60,
        capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip
    assert ended.stdout == "made\n"


def test_what_a_killed_command_has_left_is_swept(tmp_path: Path) -> None:
    def rooms() -> list[Path]:
        return sorted(tmp_path.glob("booklet-room-*"))

    work = "os.kill(os.getppid(), 9); time.sleep(9)"
    code = HEAD.replace("{limits}", "{}").replace("{work}", work)
    home = environment(TMPDIR=str(tmp_path))
    subprocess.run([sys.executable, "-c", code], env=home, check=False, timeout=60)
    (left,) = rooms()
    (tmp_path / "booklet-room-link").symlink_to(tmp_path)
    (tmp_path / "booklet-room-file").write_text("x")
    held = tmp_path / "booklet-room-held"
    held.mkdir()
    handle = os.open(held, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    kept = [held, tmp_path / "booklet-room-file", tmp_path / "booklet-room-link"]
    for age in (0, 99):
        os.utime(left, (time.time() - age,) * 2)
        os.utime(held, (time.time() - age,) * 2)
        code = HEAD.replace("{limits}", "{}").replace("{work}", "print('made')")
        subprocess.run([sys.executable, "-c", code], env=home, check=True, timeout=60)
        assert rooms() == sorted([*kept, *([] if age else [left])])
    os.close(handle)


def test_what_a_worker_started_ends_with_it() -> None:
    ended = run("pid = os.fork(); (time.sleep(60) if not pid else print(pid))")
    assert gone(int(ended.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_worker_outlives_its_parent(tmp_path: Path) -> None:
    names = tmp_path / "pids"
    work = f"os.fork(); open({str(names)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
    code = HEAD.replace("{limits}", "{}").replace("{work}", work)
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment())
    until = time.monotonic() + 20
    while not names.exists() or len(names.read_text().split()) < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    assert all(gone(int(pid)) for pid in names.read_text().split())


def gone(pid: int) -> bool:
    """Tell whether a process has ended, at once or soon."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":  # ended, and nobody has asked for its status
            return True
        time.sleep(0.02)
    return False


def test_a_signal_reaches_the_work() -> None:
    code = HEAD.replace("{limits}", "{}").replace(
        "{work}", "signal.signal(2, lambda *_: sys.exit(130)); print(1, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment(), text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130


def test_limits_grow_with_the_input_but_not_with_links(tmp_path: Path) -> None:
    book = write_publication(tmp_path / "book")
    small = worker.allowance(worker.size_of([book]))
    (tmp_path / "large").write_bytes(bytes(3_000_000))
    (book / "link").symlink_to(tmp_path / "large")
    assert worker.allowance(worker.size_of([book])) == small
    (tmp_path / "outside").mkdir()
    os.link(tmp_path / "large", tmp_path / "outside" / "large")
    (book / "led").symlink_to(tmp_path / "outside")
    with (book / "hole").open("wb") as file:
        file.truncate(1 << 40)
    assert worker.allowance(worker.size_of([book])) == small
    (book / "images").mkdir()
    os.link(tmp_path / "large", book / "images" / "x.png")
    large = worker.allowance(worker.size_of([book]))
    assert large.memory - small.memory == 24 * 3_000_000
    assert large.cpu - small.cpu == 180
    assert large.wall - small.wall == 360
    files = [book / "booklet.yaml", book / "manuscript.md"]
    assert small.memory == limits.value("worker-memory") + 24 * worker.size_of(files)


def test_the_command_line_works_in_a_worker(tmp_path: Path) -> None:
    text = "".join(f"## 第{n}节\n\n{'网络空间是家园。' * 60}\n\n——李白\n\n" for n in range(200))
    book = write_publication(tmp_path / "book", f"# 书名\n\n{text}", title_lines=None)
    words = ["build", str(book), "-o", str(tmp_path / "out"), "--limit"]
    for more, status, said in (
        ("worker-time=nine", 2, "'nine' is no number of seconds"),
        ("speed=9", 2, "there is no limit 'speed'"),
        ("worker-cpu=1", 3, "stopped at “"),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "booklet", *words, more], capture_output=True, text=True,
            env=environment(), check=False,
        )  # fmt: skip
        assert ended.returncode == status
        assert said in ended.stderr
        assert "Traceback" not in ended.stderr
    assert not list((tmp_path / "out").glob("*/*.*"))

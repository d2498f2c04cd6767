"""Many files at once: forked copies of this process that take runs of numbers from a common queue.

A fork costs a few milliseconds and hands over everything that is imported and read already; a fresh process would
have to import all of it again. Where there is no safe fork (Windows, macOS) the work is done in turn.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from itertools import accumulate
from struct import Struct

_RUN = Struct("<II")
_FRAME = Struct("<II")
#: So many runs fit into a pipe before anybody reads: 64 KiB on Linux, left half empty.
_QUEUE = 4096


def processors() -> int:
    """How many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def in_order(
    work: Callable[[int], bytes], runs: Sequence[range], jobs: int, progress: Callable[[int], None]
) -> list[bytes]:
    """`work(number)` for every number, with up to `jobs` processes; the results in order of the numbers. `runs` are
    all the numbers from 0 on, in stretches that one process should do, because what it learns from one helps with the
    next; they are begun in this order.

    `work` must not raise. What a process that died has not delivered is done again here.
    """
    results: list[bytes | None] = [None] * max((run.stop for run in runs), default=0)
    jobs = min(jobs, len(runs))
    if jobs > 1 and sys.platform == "linux":
        # In slices that the queue holds whole, so that filling it never blocks.
        for start in range(0, len(runs), _QUEUE):
            _forked(work, runs[start : start + _QUEUE], jobs, progress, results)
    done = []
    for number, result in enumerate(results):
        if result is None:
            result = work(number)
            progress(number + 1)
        done.append(result)
    return done


def _forked(
    work: Callable[[int], bytes],
    runs: Sequence[range],
    jobs: int,
    progress: Callable[[int], None],
    results: list[bytes | None],
) -> None:
    queue, fill = os.pipe()
    os.write(fill, b"".join(_RUN.pack(run.start, run.stop) for run in runs))
    os.close(fill)  # once it is empty, everybody reads its end
    sys.stdout.flush()
    sys.stderr.flush()
    children: list[tuple[int, int]] = []
    try:
        for _ in range(jobs - 1):
            outlet, inlet = os.pipe()
            pid = os.fork()
            if pid == 0:
                _child(work, queue, inlet, [outlet, *(other for _, other in children)])
            os.close(inlet)
            children.append((pid, outlet))
        begun = dict(zip((run.start for run in runs), accumulate(map(len, runs)), strict=True))
        while run := _take(queue):
            progress(begun[run.start])
            for number in run:
                results[number] = work(number)
        for _, outlet in children:
            _collect(outlet, results)
    except BaseException:  # interrupted: nobody will take what they still find
        from signal import SIGKILL

        for pid, _ in children:
            os.kill(pid, SIGKILL)
        raise
    finally:
        os.close(queue)
        for pid, outlet in children:
            os.close(outlet)
            os.waitpid(pid, 0)


def _take(queue: int) -> range | None:
    """The next run. Reading so few bytes from a pipe is atomic: no two processes get the same one."""
    data = os.read(queue, _RUN.size)
    return range(*_RUN.unpack(data)) if len(data) == _RUN.size else None


def _child(work: Callable[[int], bytes], queue: int, inlet: int, others: list[int]) -> None:
    """Work until the queue is empty, then hand everything over. Ends the process, whatever happens, without running
    what the parent would run at its end."""
    try:
        for other in others:  # a reading end kept here would keep a writer waiting after its reader has gone
            os.close(other)
        frames: list[bytes] = []
        while run := _take(queue):
            for number in run:
                body = work(number)
                frames += (_FRAME.pack(number, len(body)), body)
        with os.fdopen(inlet, "wb") as out:
            out.write(b"".join(frames))
    finally:
        os._exit(0)


def _collect(outlet: int, results: list[bytes | None]) -> None:
    pieces = []
    while piece := os.read(outlet, 1 << 16):
        pieces.append(piece)
    data = b"".join(pieces)
    at = 0
    while at + _FRAME.size <= len(data):
        number, length = _FRAME.unpack_from(data, at)
        at += _FRAME.size
        if at + length > len(data):
            return  # it died while it wrote
        results[number] = data[at : at + length]
        at += length

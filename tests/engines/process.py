"""Child processes that cannot outlive us: scratch folders, free ports, a supervisor that cleans up after a crash."""

import atexit
import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

# Database servers refuse to run as root, so root starts them as this user.
UNPRIVILEGED = "nobody"

# The supervisor waits for the end of its standard input, a pipe that only this interpreter holds open. However the
# interpreter ends (exit, exception, kill -9), the pipe closes, the server is stopped and its folder is removed.
SUPERVISOR = """
scratch=$1 signal=$2; shift 2
"$@" >>"$scratch/log" 2>&1 </dev/null & server=$!
read -r _
kill -s "$signal" "$server" 2>/dev/null; wait "$server"
rm -rf "$scratch"
"""

_running: "list[Supervised]" = []


class Unavailable(Exception):
    """An engine cannot be had on this machine; the text says why in one line."""


def as_root() -> bool:
    """Whether this process is root, so that servers need another user."""
    return os.getuid() == 0


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def scratch_folder(name: str) -> Path:
    """A new empty folder which the server's user owns; its path is short, as that of a Unix socket must be."""
    folder = Path(tempfile.mkdtemp(prefix=f"partway-{name}-", dir=_memory()))
    if as_root():
        nobody = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return folder


def _memory() -> str | None:
    """A folder in memory, where a server makes and drops databases twice as fast; None for the usual place."""
    memory = "/dev/shm"
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < 3 * 2**30:
        return None
    return memory


def run_once(command: Sequence[str | Path], unprivileged: bool = True, timeout: float = 300) -> str:
    """The output of a command; `Unavailable` with its last line of output when it fails."""
    nobody = pwd.getpwnam(UNPRIVILEGED) if unprivileged and as_root() else None
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            cwd="/",
            user=nobody.pw_uid if nobody else None,
            group=nobody.pw_gid if nobody else None,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{command[0]} cannot run: {error}") from error
    if done.returncode:
        lines = done.stdout.strip().splitlines() or ["no output"]
        telling = next((line for line in lines if "ERROR" in line.upper()), lines[-1])
        raise Unavailable(f"{Path(command[0]).name}: {telling}")
    return done.stdout


class Supervised:
    """One server process in its own scratch folder, stopped by `stop`, at interpreter exit, or after a crash."""

    def __init__(self, scratch: Path, command: Sequence[str | Path], signal: str) -> None:
        nobody = pwd.getpwnam(UNPRIVILEGED) if as_root() else None
        self.scratch = scratch
        self.log = scratch / "log"
        self._supervisor = subprocess.Popen(
            ["sh", "-c", SUPERVISOR, "supervisor", str(scratch), signal, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # so that Ctrl-C reaches us alone, and we stop the server in order
            user=nobody.pw_uid if nobody else None,
            group=nobody.pw_gid if nobody else None,
        )
        _running.append(self)

    def wait_until(self, answers: Callable[[], object], seconds: float = 60) -> None:
        """Return once `answers` raises no exception; `Unavailable` with the log's end after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                answers()
            except Exception as error:  # every driver has its own "not yet"
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                log = self.log.read_text(errors="replace") if self.log.exists() else ""
                self.stop()
                raise Unavailable(f"it did not come up: {error}; {log[-300:]}") from error
            return

    def stop(self) -> None:
        """Stop the server and remove its folder; a second call does nothing."""
        if self in _running:
            _running.remove(self)
        if self._supervisor.stdin:
            with contextlib.suppress(OSError):
                self._supervisor.stdin.close()
        try:
            self._supervisor.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self._supervisor.pid, 9)
        # An unprivileged supervisor cannot remove its folder from a sticky /tmp; we can.
        shutil.rmtree(self.scratch, ignore_errors=True)


@atexit.register
def stop_all() -> None:
    """Stop every server that this interpreter started."""
    for server in _running:
        if server._supervisor.stdin:
            server._supervisor.stdin.close()  # all at once; then wait for each
            server._supervisor.stdin = None
    for server in _running:
        server.stop()

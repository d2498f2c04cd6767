"""`partway server`: the language server, over stdio unless told otherwise."""

from __future__ import annotations

import argparse
import os
import sys

from partway.cli.main import Wrong


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `server`."""
    parser.epilog = "exit codes: 0 after shutdown and exit, 1 when the editor went away without a shutdown"
    parser.add_argument("--stdio", action="store_true", help="talk over stdin and stdout (the default)")
    parser.add_argument(
        "--tcp", metavar="[HOST:]PORT", help="listen on a port of this machine, for debugging"
    )
    parser.add_argument("--log-file", metavar="PATH", help="write the server's log here instead of stderr")
    parser.add_argument("--verbose", action="store_true", help="log more, though never the text of documents")


def run(options: argparse.Namespace) -> int:
    """Serve until the editor says exit; the exit code of the protocol's specification."""
    import gc
    import logging

    from partway.lsp.protocol import Protocol
    from partway.lsp.wiring import create

    level = logging.INFO if options.verbose else logging.WARNING
    logging.basicConfig(
        level=level, filename=options.log_file, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    # It writes out whole documents, and parts of them even when it complains; what matters is logged by Partway.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server = create()
    # What is loaded stays, and findings hold few cycles: a full collection at a keystroke is a pause that people see.
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    if options.tcp:
        host, _, port = options.tcp.rpartition(":")
        if not port.isdigit():
            raise Wrong(f"--tcp {options.tcp}: a port number is needed")
        server.start_tcp(host or "127.0.0.1", int(port))
    else:
        # What anything prints must not end up between messages, and pygls closes what it writes to.
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
            sys.stdout = sys.stderr
            # A reader of its own: Python aborts at exit when a thread still waits in sys.stdin's.
            server.start_io(os.fdopen(os.dup(sys.stdin.fileno()), "rb"), out)
    server.jobs.close()
    return Protocol.exit_code

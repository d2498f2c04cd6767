"""Work that must not stand in the editor's way: one thread for what is long, newest wish first served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Jobs:
    """Runs long work in a thread of its own. pygls reads stdin through its own pool, which slow work would starve."""

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Do this work in the thread and wait for it without holding up anything else."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, "partway")
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def close(self) -> None:
        """Take no more work; what is under way ends by itself."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

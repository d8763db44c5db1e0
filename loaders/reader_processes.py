"""Workbooks read in processes of their own, the next ones while one is being written.

A process sends what it reads block by block and waits while nobody takes it, so that memory is
bounded however many workbooks there are. Files are handed on in their order. A process that dies
takes one file with it, which is tried again at the next landing.
"""

import multiprocessing
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection

from loaders.blocks import Block
from loaders.refusals import CutOff, Refused
from loaders.workbooks import Workbook, checked_workbook, reading

# Blocks that wait in a process until they are taken; with them it is ahead by half a large sheet.
_AHEAD = 4
Opener = Callable[[], Workbook]


class ReaderProcesses:
    """Some processes that read workbooks, started anew where one has died."""

    def __init__(self, count: int) -> None:
        """Start `count` processes; they inherit neither memory nor files of this one."""
        self._context = multiprocessing.get_context("spawn")
        self._idle = [_ReaderProcess(self._context) for _ in range(count)]

    def __enter__(self) -> "ReaderProcesses":
        """Nothing more to do."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes that are not reading; closing ends the others."""
        for process in self._idle:
            process.close()

    def read(
        self, contents: Iterable[tuple[object, bytes | None, str]]
    ) -> Iterator[tuple[object, Opener | None]]:
        """Yield each key with how to open its content, a (key, content, suffix); None without one.

        As many contents are being read as there are processes; what is opened is to be read to its
        end, or left, before the next is asked for.
        """
        ahead: deque[tuple[object, _Reading | None]] = deque()
        room = len(self._idle)
        try:
            for key, content, suffix in contents:
                if len(ahead) == room:
                    yield from self._hand_on(ahead)
                ahead.append((key, self._begin(content, suffix) if content is not None else None))
            while ahead:
                yield from self._hand_on(ahead)
        finally:
            for _, left in ahead:
                if left is not None:
                    left.process.close()

    def _begin(self, content: bytes, suffix: str) -> "_Reading":
        process = self._idle.pop()
        try:
            process.channel.send((content, suffix))
        except OSError:
            process.close()
            process = _ReaderProcess(self._context)
            process.channel.send((content, suffix))
        return _Reading(process)

    def _hand_on(self, ahead: deque) -> Iterator[tuple[object, Opener | None]]:
        key, begun = ahead.popleft()
        if begun is None:
            yield key, None
            return
        try:
            yield key, begun.open
        except BaseException:
            begun.process.close()
            raise
        begun.finish()
        if begun.is_dead:
            begun.process.close()
            begun.process = _ReaderProcess(self._context)
        self._idle.append(begun.process)


class _ReaderProcess:
    """One process and the channel to it."""

    def __init__(self, context: multiprocessing.context.SpawnContext) -> None:
        self.channel, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def close(self) -> None:
        """Let it end: it stops at the closed channel."""
        self.channel.close()


class _Reading:
    """A workbook that a process reads: sheets in their order, one after the other."""

    def __init__(self, process: _ReaderProcess) -> None:
        self.process = process
        self.is_dead = False
        self.date_system = ""
        self.sheet_names: list[str] = []
        self._sheets_behind = 0
        self._is_open = self._is_done = False

    def open(self) -> Workbook:
        """Return it as a workbook; raises `Refused`."""
        message = self._receive()
        if isinstance(message, Refused):
            self._is_done = True
            raise message
        self.date_system, self.sheet_names = message
        self._is_open = True
        return self

    def blocks(self, sheet_name: str) -> Iterator[Block]:
        """Yield a worksheet's rows; sheets before it, and what was not taken of them, are left."""
        place = self.sheet_names.index(sheet_name)
        while self._sheets_behind < place:
            self._skip()
        while isinstance(message := self._receive(), Block):
            yield message
        self._sheets_behind += 1
        if isinstance(message, Refused):
            raise message

    def finish(self) -> None:
        """Leave what was not read, so that the process is free."""
        with suppress(Refused):
            if not self._is_open and not self._is_done:
                self.open()
            while self._is_open and self._sheets_behind < len(self.sheet_names):
                self._skip()

    def _skip(self) -> None:
        while isinstance(self._receive(), Block):
            pass
        self._sheets_behind += 1

    def _receive(self) -> object:
        if self.is_dead:
            raise CutOff
        try:
            return self.process.channel.recv()
        except (EOFError, OSError):
            self.is_dead = True
            raise CutOff from None


def _serve(channel: Connection) -> None:
    """Read each content that comes, until the channel is closed.

    Sends (date system, sheet names), then of each sheet its blocks and None; a refusal in place of
    whatever could not be read.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who lands decides
    waiting: queue.Queue[object] = queue.Queue(_AHEAD)
    threading.Thread(target=_send, args=(channel, waiting), daemon=True).start()
    while True:
        try:
            content, suffix = channel.recv()
        except (EOFError, OSError):
            return
        _read(content, suffix, waiting.put)


def _send(channel: Connection, waiting: queue.Queue[object]) -> None:
    while True:
        message = waiting.get()
        try:
            channel.send(message)
        except OSError:  # nobody listens any more: the rest is read for nothing, and dropped
            while True:
                waiting.get()


def _read(content: bytes, suffix: str, put: Callable[[object], None]) -> None:
    try:
        workbook = checked_workbook(content, suffix)
    except Refused as refusal:
        put(refusal)
        return
    put((workbook.date_system, workbook.sheet_names))
    for sheet_name in workbook.sheet_names:
        end = None
        try:
            with reading():
                for block in workbook.blocks(sheet_name):
                    put(block)
        except Refused as refusal:
            end = refusal
        put(end)

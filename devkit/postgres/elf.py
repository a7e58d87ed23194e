"""Libraries of Linux as bytes (ELF, 64 bits, little-endian): what a program wants of others, and one that has it.

The one that is made does nothing: each of its functions returns the address of a page of zeros, and each of its
variables is on that page.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterable, Iterator, Mapping

_HEADER = struct.Struct("<16s HHI QQQ IHHHHHH")
_SEGMENT = struct.Struct("<II QQQQQQ")
_ENTRY = struct.Struct("<QQ")  # of the table that the loader reads
_SYMBOL = struct.Struct("<IBBHQQ")
_RELOCATION = struct.Struct("<QQq")
_NEED, _NEEDED_VERSION = struct.Struct("<HHIII"), struct.Struct("<IHHII")
_VERSION = struct.Struct("<HHHHIII II")

_LOADED, _TABLE, _STACK = 1, 2, 0x6474E551  # kinds of segments
_HASH, _STRINGS, _SYMBOLS, _RELOCATIONS, _STRINGS_SIZE, _SYMBOL_SIZE, _NAME, _JUMPS = 4, 5, 6, 7, 10, 11, 14, 23
_SIZE_OF = {_RELOCATIONS: 8, _JUMPS: 2}
_VERSION_OF, _VERSIONS, _VERSION_COUNT, _NEEDS = 0x6FFFFFF0, 0x6FFFFFFC, 0x6FFFFFFD, 0x6FFFFFFE

_VARIABLE, _FUNCTION = 1, 2
_NO_VERSION = 1
_SIZES = (_HEADER.size, _SEGMENT.size, 4)
_ZEROS = 4096
_MACHINE_AT, _AARCH64 = 18, 183
_PAGE = 0x10000  # the largest there is, on aarch64


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Symbol:
    """A function or a variable that a program wants of a library, and its version with the version's hash."""

    name: str
    is_variable: bool
    size: int
    version: str = ""  # not every library has versions
    hash: int = 0


def machine(program: bytes) -> int:
    """The number of the processor that a program is for; 0 for what is no program."""
    is_program = program[:6] == b"\x7fELF\x02\x01"
    return int.from_bytes(program[_MACHINE_AT : _MACHINE_AT + 2], "little") if is_program else 0


def wanted(program: bytes) -> frozenset[Symbol]:
    """All that a program, or a library, wants of libraries."""
    return frozenset(_Program(program).wants())


class _Program:
    """A program as the loader sees it: tables in memory, of which one says where the others are."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        _, _, _, _, _, first, _, _, _, size, count, *_ = _HEADER.unpack_from(content)
        self._segments = [_SEGMENT.unpack_from(content, first + number * size) for number in range(count)]
        self._tables: dict[int, int] = {}
        for kind, _, offset, _, _, length, *_ in self._segments:
            if kind == _TABLE:
                self._tables = dict(_ENTRY.iter_unpack(content[offset : offset + length]))

    def wants(self) -> Iterator[Symbol]:
        versions = dict(self._needed_versions())
        for number in self._used():
            name, kind, _, section, _, size = _SYMBOL.unpack_from(
                self._content, self._at(_SYMBOLS, _SYMBOL.size * number)
            )
            (version,) = struct.unpack_from("<H", self._content, self._at(_VERSION_OF, 2 * number))
            if version in versions or not section:  # a variable of a library has a place in the program
                yield Symbol(self._text(name), kind & 15 == _VARIABLE, size, *versions.get(version, ()))

    def _needed_versions(self) -> Iterator[tuple[int, tuple[str, int]]]:
        here, more = self._at(_NEEDS), _NEEDS in self._tables
        while more:
            _, count, _, first, more = _NEED.unpack_from(self._content, here)
            there = here + first
            for _ in range(count):
                digest, _, number, name, step = _NEEDED_VERSION.unpack_from(self._content, there)
                yield number, (self._text(name), digest)
                there += step
            here += more

    def _used(self) -> set[int]:
        """The numbers of the symbols that the loader has to find."""
        used = set()
        for table in _SIZE_OF.keys() & self._tables.keys():
            here = self._at(table)
            content = self._content[here : here + self._tables[_SIZE_OF[table]]]
            used |= {what >> 32 for _, what, _ in _RELOCATION.iter_unpack(content)}
        return used - {0}

    def _at(self, table: int, offset: int = 0) -> int:
        """Where in the file a place in a table is."""
        address = self._tables.get(table, 0)
        for kind, _, place, start, _, size, *_ in self._segments:
            if kind == _LOADED and start <= address < start + size:
                return int(place + address - start) + offset
        return 0

    def _text(self, offset: int) -> str:
        start = self._at(_STRINGS, offset)
        return self._content[start : self._content.index(b"\0", start)].decode()


def library(name: str, symbols: Iterable[Symbol], processor: int) -> bytes:
    """A library that has `symbols`, for a processor as `machine` numbers them: x86_64 or aarch64."""
    held = sorted(symbols)
    versions = {each: number for number, each in enumerate(sorted({(s.version, s.hash) for s in held} - {("", 0)}), 2)}
    words = list(dict.fromkeys([name, *(each.name for each in held), *(version for version, _ in versions)]))
    places = {word: 1 + sum(len(other) + 1 for other in words[:number]) for number, word in enumerate(words)}
    numbers = [versions.get((each.version, each.hash), _NO_VERSION) for each in held]
    strings = "\0".join(["", *words, ""]).encode()
    zeros = _PAGE + 16 * _ENTRY.size
    fixed = bytearray(_HEADER.size + 4 * _SEGMENT.size)  # filled in below

    def add(piece: bytes) -> int:
        """Append a piece, and say its address."""
        fixed.extend(bytes(-len(fixed) % 8) + piece)
        return len(fixed) - len(piece)

    code = add(_returns(zeros - len(fixed), processor))
    entries = (
        (_NAME, places[name]),
        (_HASH, add(struct.pack(f"<{len(held) + 4}I", 1, len(held) + 1, len(held), 0, *range(len(held))))),
        (_STRINGS, add(strings)),
        (_STRINGS_SIZE, len(strings)),
        (
            _SYMBOLS,
            add(bytes(_SYMBOL.size) + b"".join(_defined(each, places[each.name], code, zeros) for each in held)),
        ),
        (_SYMBOL_SIZE, _SYMBOL.size),
        (_VERSION_OF, add(struct.pack(f"<{len(held) + 1}H", 0, *numbers))),
        (_VERSIONS, add(_definitions(versions, places))),
        (_VERSION_COUNT, len(versions)),
    )
    table = b"".join(_ENTRY.pack(*each) for each in entries).ljust(zeros - _PAGE, b"\0")
    front = _HEADER.pack(b"\x7fELF\x02\x01\x01", 3, processor, 1, 0, _HEADER.size, 0, 0, *_SIZES, 0, 0, 0)
    front += _SEGMENT.pack(_LOADED, 5, 0, 0, 0, len(fixed), len(fixed), _PAGE)  # read and run
    front += _SEGMENT.pack(_LOADED, 6, _PAGE, _PAGE, _PAGE, len(table) + _ZEROS, len(table) + _ZEROS, _PAGE)
    front += _SEGMENT.pack(_TABLE, 6, _PAGE, _PAGE, _PAGE, len(table), len(table), 8)
    front += _SEGMENT.pack(_STACK, 6, 0, 0, 0, 0, 0, 16)  # read and write: no program on the stack
    return (front + fixed[len(front) :]).ljust(_PAGE, b"\0") + table + bytes(_ZEROS)


def _defined(symbol: Symbol, name: int, code: int, zeros: int) -> bytes:
    kind, place = (_VARIABLE, zeros) if symbol.is_variable else (_FUNCTION, code)
    return _SYMBOL.pack(name, 1 << 4 | kind, 0, 1, place, symbol.size)


def _definitions(versions: Mapping[tuple[str, int], int], places: Mapping[str, int]) -> bytes:
    last = len(versions) - 1
    return b"".join(
        _VERSION.pack(1, 0, number, 1, digest, 20, 0 if nth == last else _VERSION.size, places[version], 0)
        for nth, ((version, digest), number) in enumerate(versions.items())
    )


def _returns(distance: int, processor: int) -> bytes:
    """A function that returns the address `distance` bytes away from its own."""
    if processor == _AARCH64:  # adr x0, distance; ret
        return struct.pack("<II", 0x10000000 | (distance & 3) << 29 | (distance >> 2) << 5, 0xD65F03C0)
    return struct.pack("<3sic", b"\x48\x8d\x05", distance - 7, b"\xc3")  # lea rax, [rip + distance]; ret

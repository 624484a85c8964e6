"""Bytes to text: UTF-8 only, with a helpful word about anything else."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from booklet import limits
from booklet.errors import Findings, Place
from booklet.manuscript.hidden import check_hidden, few
from booklet.manuscript.source import Source

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]|[\ud800-\udfff]")
# Between Chinese characters a line may break, so only other characters make a long word.
_SOLID = (r"[^\s\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
          r"\U00020000-\U0003ffff\u200b-]")  # fmt: skip
_MARKED = (r"[^\x00-\u02ff\u2e80-\u3029\u3030-\u3098\u309b-\ua4cf"
           r"\uac00-\ud7ff\uff00-\uffef]")  # fmt: skip
_COMMON = frozenset(
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天"
    "去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同"
    "日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感"
    "這個們來時為說國會後學對過種開發當還從無現經長兒愛給間問題點機關動車書見東門馬業語氣電實際"
    "工作社会主义党中央网络安全信息化建设发展强国人民经济讲话第版出版编前言者文章，。、“”；：《》（）！？"
)
_KANA = range(0x3041, 0x30FF)


def decode(data: bytes, file: str, findings: Findings) -> Source | None:
    r"""Read UTF-8, with or without a byte order mark, and make every line end ``\n``.

    Returns:
        None where the bytes are not UTF-8; the finding then names what they look like. None also
        where so many brackets are open at once that no parser should see them.
    """
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        _tell_encoding(body, error, file, findings)
        return None
    source = Source(file, text.replace("\r\n", "\n").replace("\r", "\n"))
    check_characters(source, findings)
    # YAML and JSON have a limit of their own on what is within one another.
    at = None if file.lower().endswith(_NESTED) else _many_brackets(source.text)
    if at is None:
        return source
    findings.error(
        source.offset(at), "text-limit",
        f"too many brackets are open at once ({limits.named('brackets')})",
        f"close them; or {limits.raised('brackets')}",
    )  # fmt: skip
    return None


def _many_brackets(text: str) -> int | None:
    """Find where more brackets are open in a paragraph than may be: each might begin a link."""
    most, depth = limits.value("brackets"), 0
    if text.count("[") <= most:
        return None
    for match in _BRACKETS.finditer(text):
        if match[0] == "[":
            depth += 1
        elif match[0] == "]":
            depth = max(depth - 1, 0)
        else:
            depth = 0  # a paragraph ends
        if depth > most:
            return match.start()
    return None


def check_characters(source: Source, findings: Findings) -> None:
    """Tell of characters and clusters that no edition can carry, and of what a text hides."""
    controls = (
        (match.start(), f"the character U+{ord(match[0]):04X} cannot be printed")
        for match in _CONTROL.finditer(source.text)
    )
    for at, message in few(controls):
        findings.error(
            source.offset(at), "control-character", message,
            "delete it; it is invisible in most editors",
        )  # fmt: skip
    most = limits.named("word-length")
    words = (
        (match.start(), f"a word of {len(match[0])} characters ({most})")
        for match in _runs(_SOLID, limits.value("word-length")).finditer(source.text)
    )
    for at, message in few(words):
        findings.error(
            source.offset(at), "text-limit", message,
            f"put spaces where a line may break; or {limits.raised('word-length')}",
        )  # fmt: skip
    for at, message in few(_heaps(source.text)):
        findings.error(source.offset(at), "text-limit", message, "delete the marks")
    check_hidden(source, findings)


_NESTED = (".yaml", ".yml", ".json", ".jsonl", ".ndjson")
_BRACKETS = re.compile(r"[\[\]]|\n[ \t]*\n")


@cache
def _runs(characters: str, longest: int) -> re.Pattern[str]:
    """Make the pattern of what is longer than it may be."""
    return re.compile(f"{characters}{{{longest + 1},}}")


def _heaps(text: str) -> Iterator[tuple[int, str]]:
    """Find characters with too many combining marks."""
    most = limits.value("marks")
    for match in _runs(_MARKED, most).finditer(text):
        count = 0
        for index, char in enumerate(match[0]):
            count = count + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
            if count == most + 1:
                message = f"too many combining marks on one character ({limits.named('marks')})"
                yield match.start() + index - most, message


def _tell_encoding(data: bytes, error: UnicodeDecodeError, file: str, findings: Findings) -> None:
    before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode("utf-8", "replace")) + 1
    guess = guess_encoding(data)
    looks = f"; it looks like {guess}" if guess else ""
    findings.error(
        Place(file, before.count(b"\n") + 1, column),
        "encoding",
        f"the file is not UTF-8{looks}",
        "save it as UTF-8 (in many editors: save with encoding)",
    )


def guess_encoding(data: bytes) -> str:
    """Name the encoding that these bytes, which are not UTF-8, seem to have; '' if none fits."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    sample = data[:200_000]
    zeros = sample.count(0)
    if zeros and zeros * 20 > len(sample):
        return "UTF-16"
    best, best_share = "", 0.0
    # Without a mark at its head UTF-16 still shows zero bytes, in its line ends if nowhere else.
    wide = (("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")) if zeros else ()
    for codec, name in (
        ("gb18030", "GB18030"),
        ("big5", "Big5"),
        ("shift_jis", "Shift-JIS"),
        ("euc_jp", "EUC-JP"),
        ("euc_kr", "EUC-KR"),
        *wide,
    ):
        share = _share(sample, codec)
        if share > best_share:
            best, best_share = name, share
    return best


def _share(sample: bytes, codec: str) -> float:
    """Give the share of common characters among the non-ASCII ones, 0 if decoding fails."""
    try:
        # The sample may end within a character: final=False lets that pass.
        text = codecs.getincrementaldecoder(codec)("strict").decode(sample, final=False)
    except UnicodeDecodeError:
        return 0.0
    wide = [char for char in text if char > "\x7f"]
    if not wide:
        return 0.0
    known = sum(char in _COMMON or ord(char) in _KANA or "가" <= char <= "힣" for char in wide)
    # A half-width kana is what every other double-byte text becomes in Shift-JIS.
    odd = sum("\uff61" <= char <= "\uff9f" or "\ue000" <= char <= "\uf8ff" for char in wide)
    return (known - odd + 0.01) / len(wide)

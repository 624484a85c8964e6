"""Readings over characters: pinyin with tones, by phrases, as dictionaries write it.

The tones of 一 and 不 are those of the character alone (GB/T 16159-2012, 7.1): what is spoken
otherwise, an editor may say in ``readings``. So does 儿 after a word keep a syllable of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from booklet.derive.script import Converter

BASE_TONES = {"一": "yī", "不": "bù"}

MENDED = {
    "为人民服务": "wèi rén mín fú wù", "为人民": "wèi rén mín", "一行字": "yī háng zì",
    "的确定": "de què dìng", "朴正熙": "piáo zhèng xī",
    "曾国藩": "zēng guó fān", "解缙": "xiè jìn", "仇英": "qiú yīng", "单于": "chán yú",
}  # fmt: skip
"""What pypinyin 0.55 reads wrongly."""

UNSURE = frozenset(
    "行重长乐还种中发空好数分干调传处应当难更间正强相兴观角降弹转朝藏曾差便薄背称盛舍省宿系血载"
    "涨扎奇冠卷量落率没磨宁铺切曲散塞少折单解仇朴华参供喝几假尽禁劲卡累露论蒙模泊漂屏翘圈似提挑"
    "吐咽晕炸挣症钻都倒度恶"
)
"""Characters of two common readings, which stand alone about as often as in a word that decides.

Left out are those whose rare reading hardly stands alone (的, 了, 为), so that the list
stays short.
"""

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A character whose reading no phrase decides.

    Attributes:
        at: Where it stands in the text, from 0.
        char: The character.
        reading: How it is read.
    """

    at: int
    char: str
    reading: str


@dataclass(frozen=True)
class Reader:
    """Reads Chinese text.

    Attributes:
        readings: Words that the editor knows better: syllables parted by spaces.
        kind: The script of the text, as `KINDS` names it.
        met: Words of ``readings`` that were met.
    """

    readings: Mapping[str, str]
    kind: str = "s"
    met: set[str] = field(default_factory=set, compare=False)

    def read(self, text: str) -> tuple[list[str], list[Doubt]]:
        """Read a text.

        Returns:
            The reading of each of its characters, '' for one that is no Han character; and the
            readings that no phrase decides.
        """
        readings, doubts = [""] * len(text), []
        for start, end in self._between(text, readings):
            for run in _HAN.finditer(text, start, end):
                words = self._simplified(run[0])
                for at, char, reading, lone in _words(words):
                    here = run.start() + at
                    readings[here] = BASE_TONES.get(char, reading)
                    if lone and char in UNSURE:
                        doubts.append(Doubt(here, text[here], reading))
        return readings, doubts

    def _between(self, text: str, readings: list[str]) -> Iterator[tuple[int, int]]:
        """Set the readings of known words, and yield what stands between them."""
        at = 0
        for match in self._known.finditer(text):
            yield at, match.start()
            word = match[0]
            if word in self.readings:
                self.met.add(word)
            syllables = {**MENDED, **self.readings}[word].split()
            readings[match.start() : match.end()] = syllables
            at = match.end()
        yield at, len(text)

    @cached_property
    def _known(self) -> re.Pattern[str]:
        words = sorted({**MENDED, **self.readings}, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, words)))

    def _simplified(self, text: str) -> str:
        """Give the text in simplified characters, in which most phrases are known."""
        if self.kind == "s":
            return text
        simple = _to_simplified(self.kind).text(text)
        return simple if len(simple) == len(text) else text


@cache
def _to_simplified(kind: str) -> Converter:
    return Converter(({"t": "t2s", "tw": "tw2s", "hk": "hk2s"}[kind],))


def _words(text: str) -> Iterator[tuple[int, str, str, bool]]:
    """Yield place, character, reading, and whether the character is a word by itself."""
    from pypinyin import Style, pinyin
    from pypinyin.seg.mmseg import seg

    at = 0
    for word in seg.cut(text):
        syllables = [one[0] for one in pinyin(word, style=Style.TONE)]
        if len(syllables) != len(word):  # what it cannot read, it joins
            syllables = [pinyin(char, style=Style.TONE)[0][0] for char in word]
        for char, syllable in zip(word, syllables, strict=True):
            yield at, char, "" if syllable == char else syllable, len(word) == 1
            at += 1

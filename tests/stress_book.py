"""A book with everything in it, for whoever tests an edition: small by default, large on request.

Its text is of its own writing. Every kind of block stands in an excerpt, in a quotation or in a
plain section, so that a theme or an edition meets it more than once.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from PIL import Image, ImageDraw

RARE = "𠮷野家的𠮷，㐂字少见，龘字多画"
"""Characters that readers' fonts may lack: of Extension A and B."""

HEADER: dict[str, object] = {
    "title": "百物小记",
    "subtitle": "一册什么都有的书",
    "language": "zh-Hans",
    "contributors": [
        {"name": "木匠老周", "role": "aut"},
        {"name": "小满", "role": "edt"},
        {"name": "Jo Reed", "role": "trl"},
    ],
    "publisher": "山下书坊",
    "date": "2026-03-01",
    "isbn": "978-7-02-000220-7",
    "series": {"name": "试纸丛书", "position": 3},
    "description": "试一试各样版式的小书。",
    "subjects": ["试验", "版式"],
    "rights": "可以随意取用。",
    "theme": "reader",
    "editions": ["screen", "ebook"],
    "ebook": {"fonts": "rare"},
}

OPENING = """\
> **【编前语】**这本书没有故事，只有各样东西：一张表、一幅图、几行诗。[^前]

[^前]: 写在正文之前的注。

## 工具 {#tools}

木匠的*第一件*工具是**尺**。他说：“量两次，锯一次。”[^尺]又说：[量不准，锯不直]{.dots}。
{刨|bào}子要{磨|mó}得快，{墨斗|mòdǒu}要弹得直。见[后文](#verse)，也见[网页](https://example.org/a?b=1&c=2)。

[^尺]: 尺有三种：{卷尺|juǎnchǐ}、直尺、**角尺**。

    注也可以有第二段，里面有 `code` 和[重点]{.dots}。

——2025年3月1日，在工棚里的谈话

[鲁班]{.name}的故事见[木经]{.work}；RARE。AT&T、C++ 与 a < b，都照原样。[^尺]

——2025年4月2日至5日，写给徒弟的信

> 借来的话，要还回去。
>
> 还的时候，最好擦干净。

——《借书帖》

这一段是节末没有出处的文字，末尾有一个注。[^末]

[^末]: 最后的注。

## 图与表 {#pictures}

![一幅方格图，左上角是红的](images/grid.png "图一：方格")

——2025年5月，摄于工棚

| 工具 | 用处 | 年 |
|:---|:---:|---:|
| 锯 | 断木[^表] | 1998 |
| {刨\\|bào} | **找平** | 2004 |
| 凿 | | 12 |

[^表]: 表里的注。

——2025年6月6日，在盘点会上的发言

![一个圆，SVG画的](images/circle.svg)

行内的小图 ![红点](images/dot.png) 也要有话说。

## 诗与列表 {#verse}

::: verse
刨花落在脚边，
像一层薄雪。

风一来，
就走了。
:::

——小满

- 锯
  - 手锯
    - 粗齿
    - 细齿
  - 电锯
- 刨

1. 量
2. 画
   1. 用铅笔
   2. 用墨斗
3. 锯

——2025年7月7日，在培训班上的讲义

### 小标题：代码

```python
def cut(length: float) -> float:
    \"\"\"Cut <once>, measure & twice.\"\"\"
    return length * 2 if length > 0 else 0.0
```

::: note 提示
框里的字，里面有**重点**和一条 `x = "1"`。

- 框里的列表
:::

***

#### 更小的标题

星号之后的一段。行末断开\\
再起一行。
"""

CLAUSES = (
    "木头会记得雨水", "墨线弹下去就不能收回", "刨子轻一点，日子长一点", "手熟了，眼睛也就准了",
    "榫头留半分，卯眼让半分", "锯末扫在一处，冬天可以生火", "先看纹路，再下刀", "好料要等，急不得",
)  # fmt: skip
OCCASIONS = ("在工棚里的谈话", "写给徒弟的信", "在培训班上的讲话", "致木工协会的贺信")
MANY_IN_SECTION = 100


def excerpts() -> Iterator[str]:
    """Give excerpts without end, no two alike, each seventh with a note, ruby or a table."""
    number = 0
    while True:
        number += 1
        first, second, third = (CLAUSES[number // step % len(CLAUSES)] for step in (1, 8, 64))
        text = f"第{number}条：{first}，{second}。{third}。"
        if number % 7 == 0:
            text += f"[^{number}]\n\n[^{number}]: 第{number}条的注。"
        elif number % 7 == 3:
            text = text.replace("条", "{条|tiáo}", 1) + "\n\n" + f"[{second}]{{.dots}}。"
        elif number % 49 == 5:
            text += "\n\n| 甲 | 乙 |\n|---|---|\n" + "\n".join(
                f"| {row} | {CLAUSES[row % 8]} |" for row in range(4)
            )
        year, month, day = 1990 + number % 35, 1 + number % 12, 1 + number % 28
        yield f"{text}\n\n——{year}年{month}月{day}日，{OCCASIONS[number % 4]}"


def write_stress_book(folder: Path, *, many: int = 0, **header: object) -> Path:
    """Write the publication.

    Args:
        folder: Made by this.
        many: Further excerpts, in sections of a hundred.
        header: Keys of the header to replace; None drops one.
    """
    (folder / "images").mkdir(parents=True)
    keys = {key: value for key, value in {**HEADER, **header}.items() if value is not None}
    (folder / "booklet.yaml").write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")
    supply = excerpts()
    parts = [OPENING.replace("RARE", RARE)]
    for number, start in enumerate(range(0, many, MANY_IN_SECTION), 1):
        these = islice(supply, min(MANY_IN_SECTION, many - start))
        parts += [f"## 杂记之{number}", *these]
    (folder / "manuscript.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    _pictures(folder / "images")
    return folder


def _pictures(folder: Path) -> None:
    grid = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(grid)
    for x in range(0, 400, 50):
        draw.line((x, 0, x, 300), fill="#444")
    draw.rectangle((0, 0, 50, 50), fill="#b3141c")
    for name, picture in (("grid", grid), ("dot", Image.new("RGB", (24, 24), "#b3141c"))):
        data = io.BytesIO()
        picture.save(data, "PNG")
        (folder / f"{name}.png").write_bytes(data.getvalue())
    (folder / "circle.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        '<circle cx="20" cy="20" r="18" fill="none" stroke="#b3141c" stroke-width="2"/></svg>',
        encoding="utf-8",
    )

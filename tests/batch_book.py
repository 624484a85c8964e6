"""A small publication with fields, and catalogues for it: about eight pages a booklet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

HEADER: Mapping[str, object] = {
    "title": "河岸读书会",
    "language": "zh-Hans",
    "contributors": [{"name": "河岸读书会", "role": "com"}],
    "manuscript": "manuscript.md",
    "theme": "reader",
    "layout": {"trim": "A5"},
    "editions": ["screen"],
}

MANUSCRIPT = """\
> **【编前语】**[各位会员]{.field name=收信人}：这本小册子是读书会送给你的，请在书页边上写字。
> 你的借书证号是[（见证件）]{.field name=证号}。

## 聚会 {#meetings}

读书会在每月第一个周六的下午聚会，地点在河岸旧仓库的二楼。窗外是驳船，窗内是长桌，桌上总有热茶。

每次聚会读一本书的一章，由一位会员朗读，大家轮流说自己划下的句子。没有读完的人也可以来，听别人读也是读。

## 借书 {#loans}

书从公共书架上借，借期四周，可以续借一次。书页里可以用铅笔写字，但请在还书时把名字写在最后一页。[^1]

弄湿的书请先吸干，再夹在两张白纸之间，压在重物底下；不要用火烤。

[^1]: 名字之后再写一句话，留给下一位读者。

## 入会 {#joining}

新会员由两位老会员介绍。第一次来的人不必发言，第二次来的人请带一本自己的旧书，放在公共书架上。

会费每年二十元，用来买茶叶和书套。
"""


def write_book(folder: Path, **header: object) -> Path:
    """Write the publication; a header key of None is left out."""
    folder.mkdir(parents=True)
    keys = {key: value for key, value in {**HEADER, **header}.items() if value is not None}
    (folder / "booklet.yaml").write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")
    (folder / "manuscript.md").write_text(MANUSCRIPT, encoding="utf-8")
    return folder


def guests(count: int) -> list[dict[str, str]]:
    """Give rows for so many members, each with words of its own."""
    surnames, names = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九十"
    return [
        {
            "slug": f"guest-{number:04}",
            "subtitle": f"第{number}号赠本",
            "words.收信人": surnames[number % 10] + names[number // 10 % 10] + names[number % 7],
            "words.证号": f"{number:05}",
        }
        for number in range(1, count + 1)
    ]


def write_table(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """Write a table of rows."""
    every = list(rows)
    columns = list(dict.fromkeys(name for row in every for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(every)
    return path

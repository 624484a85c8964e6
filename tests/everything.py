"""A publication with everything in it: each kind of block and inline, each key of the metadata."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image, ImageDraw

PREFACE = """【编者按】这本小书把排书会遇到的东西都放在一处：引文、注释、诗、表、图、注音、
着重号、代码和列表。[^front]它不讲什么道理，只看每一样在小屏幕上立不立得住。

翻的时候，请把字放大一倍，再放大一倍。

[^front]: 按语也可以有注。
"""

TEXT = """第一段从退两格开始。桥头的老石匠每天清早来，带一壶茶、一把尺，先看水，再看石头，
最后才看人。他说：“看水知道桥要多高，看石头知道桥要多宽。”[^mason]这话后来被人记在县志里，
还加了一句：看人，才知道桥要修给谁走。

第二段里有**要紧的话**和*另一种口气*，有[着重的字]{.dots}，有[孔子]{.name}与[论语]{.work}，
有{汉字|hànzì}和{重|zhòng}{庆|qìng}，有`print(1)`和English words，也有2026年11月23日这样的数字。
参见[下一节](#tables)与[一个网页](https://example.org/)。

### 引文与诗 {#quotes}

> 桥不是路的尽头，是路换了一种走法。人到桥上会慢下来，因为水在下面，风在两边，
> 而且桥上没有岔路。
>
> ——2019年3月5日，在石桥村座谈会上的发言

::: verse
青石一块连一块，
流水一程又一程，长得这一行在手机上总要折过去才写得完。

桥上行人不相识，
月光照见两三声。
:::

### 表、图、代码 {#tables}

| 年份 | 桥 | 长（米） | 说明 |
|:--|:--|--:|:-:|
| 1956 | 东桥 | 12.5 | 石拱 |
| 1987 | 西桥 | 130 | 水泥梁，两次加固，冬天要撒盐 |
| 2016 | 新桥 | 1024 | 斜拉 |

![一座三孔石桥的侧影](images/bridge.png "图一　三孔石桥")

```python
def span(length: float, arches: int) -> float:
    return length / arches  # 每一孔的跨度，写得长一些，好看看它怎样折行
```

- 先看水
- 再看石头，石头要看纹理、颜色和敲上去的声音，三样都对才能用

    这一条还有第二段。
- 最后看人

1. 量
2. 凿
3. 砌

::: note 提示
桥上不要停车。这是一个方框，里面有两句话。
:::

***

#### 小小标题

生僻的字也要有：㑇、𠮷、𪚲。[^rare]又一次说到石匠。[^mason]

[^mason]: 石匠姓陈，村里人叫他“陈尺子”。

    注文有第二段，说的是他的尺子：一尺三寸，比别人的长。

[^rare]: 这几个字多数读者的字体里没有。
"""

EXCERPTS = [
    ("把桥修好，不是为了让人记住修桥的人，是为了让人忘了这里曾经有一条过不去的河。",
     "2018年4月20日至21日", "在全县桥梁工作会议上的讲话"),
    ("修桥先修心。", "2019年3月", "致石桥村的贺信"),
    ("一座桥用得久不久，要看平时有没有人去看它。\n\n看，就是修。", "2020年", "在巡查时的谈话"),
    ("数字能算出桥有多重，算不出桥有多要紧。", "2021年6月1日", "在小学的讲话"),
]  # fmt: skip

MADE = "1790000000"
"""SOURCE_DATE_EPOCH of the build that tests share: 2026-09-21T14:13:20Z."""

HEADER: dict[str, object] = {
    "title": "石桥小集",
    "subtitle": "什么都有的一本",
    "language": "zh-Hans",
    "contributors": [
        {"name": "陈砚", "role": "aut"},
        {"name": "Jane Bridge", "role": "aut", "sort": "Bridge, Jane"},
        {"name": "[法]让·蓬", "role": "trl"},
        {"name": "李校", "role": "pfr"},
    ],
    "publisher": "石桥出版社",
    "date": "2026-11-23",
    "rights": "© 2026 石桥出版社 & 陈砚",
    "description": "一本什么都有的 <小书>。",
    "subjects": ["桥梁", "排版"],
    "series": {"name": "小集丛书", "position": 3},
    "isbn": "978-7-000-00000-1",
    "theme": "reader",
}


def draw_bridge(path: Path) -> None:
    """Draw the picture of the book: a bridge of three arches, black on white."""
    picture = Image.new("L", (600, 300), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 120, 580, 220), fill=60)
    for left in (60, 230, 400):
        pen.ellipse((left, 150, left + 140, 290), fill=255)
    pen.rectangle((0, 221, 600, 300), fill=255)
    pen.line((0, 250, 600, 250), fill=120, width=4)
    picture.save(path, "PNG")


def write_everything(folder: Path, **header: object) -> Path:
    """Write the publication; header keys replace those above, and None leaves one out."""
    (folder / "images").mkdir(parents=True)
    draw_bridge(folder / "images" / "bridge.png")
    excerpts = [
        {"text": text, "date": date, "occasion": occasion} for text, date, occasion in EXCERPTS
    ]
    sections = [
        {"title": "桥头", "id": "head", "text": TEXT},
        {"title": "话桥", "id": "words", "excerpts": excerpts},
        {"title": "桥尾", "id": "tail", "text": "最后一章只有一句话。"},
    ]
    keys = HEADER | {"preface": PREFACE, "sections": sections} | header
    keys = {key: value for key, value in keys.items() if value is not None}
    (folder / "booklet.yaml").write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")
    return folder

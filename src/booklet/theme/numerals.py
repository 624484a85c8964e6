"""Chinese figures for ordinals."""

_DIGITS = "〇一二三四五六七八九"


def chinese_numeral(number: int) -> str:
    """Write 1 … 9999 as 一 … 九千九百九十九, 10 as 十 and 101 as 一百〇一.

    Other numbers stay in Arabic figures.
    """
    if not 0 < number < 10_000:
        return str(number)
    text, pending = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit == 0:
            pending = bool(text)
            continue
        text += ("〇" if pending else "") + _DIGITS[digit] + unit
        pending = False
    return text[1:] if text.startswith("一十") else text

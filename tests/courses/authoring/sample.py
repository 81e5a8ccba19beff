"""A short lesson with every kind of block, and how tests write it down."""

from pathlib import Path

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 170"><rect width="9" height="9"/></svg>'

LESSON = """---
slug: sample
title: Bài mẫu & thử
code: D1.1
topic: 1
audience: citizen
minutes: 5
mastery: 60
version: 2
competences: 5.2, 5.4
objectives:
  - Biết điều thứ nhất
  - Biết điều thứ hai
sources:
  - Chương trình
---

::: scene hello
## Chào bác

![Một cái cây](tree.svg)

Một đoạn **quan trọng**.
:::

::: choose-one one
## Chọn một
Chọn đi bác.

- [ ] Sai
  > Vì sai.
- [x] Đúng
  > Vì đúng.
:::

::: choose-many many
## Chọn nhiều
- [x] Thứ nhất
  > Nên chọn.
- [ ] Thứ hai
  > Không nên.
- [x] Thứ ba
  > Nên chọn nốt.
right: Đủ cả.
wrong: Chưa đủ.
:::

::: spot spot
## Tìm chỗ lạ
screen: Số lạ
- [x] Nhanh lên!
  > Giục.
- [ ] Kính chào.
  > Lời chào.
right: Tinh mắt.
wrong: Nhìn lại.
:::

::: phone phone
## Chạm vào
screen: Chuyển tiền
- [x] Người nhận | TRAN VAN TUNG
  > Sai tên.
- [ ] button: Chuyển
  > Khoan đã.
:::

::: order order
## Sắp xếp
1. Một
2. Hai
3. Ba
right: Đúng thứ tự.
wrong: Xem lại.
:::

::: check check
## Kiểm tra
Ba câu.
:::

::: choose-one q1
## Câu thứ nhất
- [x] Đúng
  > Phải.
- [ ] Sai
  > Không phải.
:::

::: true-false q2
## Câu thứ hai
- [x] Đúng
  > Phải.
- [ ] Sai
  > Không phải.
:::

::: choose-one q3
## Câu thứ ba
- [ ] Sai
  > Không phải.
- [x] Đúng
  > Phải.
:::

::: result end
## Việc tiếp theo
Nghỉ một lát.
:::
"""


def write_lesson(folder: Path, text: str = LESSON, picture: str = PICTURE) -> Path:
    (folder / "tree.svg").write_text(picture, encoding="utf-8")
    (folder / "lesson.md").write_text(text, encoding="utf-8")
    return folder


def line_of(text: str, words: str) -> int:
    """The number of the first line of `text` that begins with `words`."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(words))

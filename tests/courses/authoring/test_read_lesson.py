import pytest

from courses.authoring import BrokenLesson, read_lesson
from courses.authoring.lesson import Kind, Scene
from tests.courses.authoring.sample import LESSON, PICTURE, line_of, write_lesson


def test_the_head_is_read(tmp_path):
    about = read_lesson(write_lesson(tmp_path)).about
    assert (about.slug, about.title, about.code, about.topic) == ("sample", "Bài mẫu & thử", "D1.1", 1)
    assert (about.audience, about.minutes, about.mastery, about.version) == ("citizen", 5, 60, "2")
    assert about.competences == ("5.2", "5.4")
    assert about.objectives == ("Biết điều thứ nhất", "Biết điều thứ hai")


def test_steps_and_questions_stand_in_their_order(tmp_path):
    lesson = read_lesson(write_lesson(tmp_path))
    assert [step.id for step in lesson.steps] == ["hello", "one", "many", "spot", "phone", "order"]
    assert [question.id for question in lesson.check.questions] == ["q1", "q2", "q3"]
    assert lesson.result.heading == "Việc tiếp theo"
    assert [part for part, _ in lesson.parts] == ["hello", "one", "many", "spot", "phone", "order", "check"]


def test_a_scene_becomes_html_with_its_picture(tmp_path):
    scene = read_lesson(write_lesson(tmp_path)).steps[0]
    assert isinstance(scene, Scene)
    assert scene.body.images == ("tree.svg",)
    assert '<img src="images/tree.svg" alt="Một cái cây"' in scene.body.html
    assert "<strong>quan trọng</strong>" in scene.body.html


def test_answers_carry_their_reason_label_and_button(tmp_path):
    phone = next(e for e in read_lesson(write_lesson(tmp_path)).exercises() if e.kind is Kind.PHONE)
    assert (phone.options[0].label, phone.options[0].html) == ("Người nhận", "TRAN VAN TUNG")
    assert phone.options[0].right
    assert phone.options[0].why == "Sai tên."
    assert phone.options[1].is_button
    assert not phone.many


def test_a_reason_may_run_over_several_lines(tmp_path):
    text = LESSON.replace("  > Vì sai.", "  > Vì sai.\n  > Bác nghĩ lại.")
    one = next(iter(read_lesson(write_lesson(tmp_path, text)).exercises()))
    assert one.options[0].why == "Vì sai. Bác nghĩ lại."


def test_html_in_the_text_is_shown_and_not_obeyed(tmp_path):
    text = LESSON.replace("Chọn đi bác.", "<script>alert(1)</script>")
    one = next(iter(read_lesson(write_lesson(tmp_path, text)).exercises()))
    assert one.body.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


BROKEN = [
    # replaced, by, the line that is named, words of the problem
    ("---\nslug", "slug", "slug", "a lesson begins with a line of ---"),
    ("topic: 1", "topic: 7", "topic", "topic must be a number from 1 to 4"),
    ("minutes: 5", "minutes: năm", "minutes", "minutes must be a number"),
    ("slug: sample", "slug: Bài Một", "slug", "cannot be the slug"),
    ("audience: citizen", "audience: robot", "audience", '"robot" cannot be the audience'),
    ("competences: 5.2, 5.4", "competences: 9.9", "competences", "is not a competence"),
    ("version: 2", "version: 2\nmystery: 1", "mystery", '"mystery" is not known'),
    ("version: 2", "version: 2\nversion: 3", "version: 3", "written twice"),
    ("version: 2", "version: 2\nno colon", "no colon", "this is not one"),
    ("title: Bài mẫu & thử\n", "", "---", '"title" is missing'),
    ("::: scene hello", "::: film hello", "::: film", '"film" is not a block'),
    ("::: scene hello", "::: scene Xin Chào", "::: scene", "put it after"),
    ("::: scene hello", "::: scene", "::: scene", "a block needs an id"),
    ("::: choose-one one", "::: choose-one hello", "::: choose-one hello", "used twice"),
    ("## Chào bác\n", "", "![Một cái cây]", "begins with its heading"),
    ("Một đoạn **quan trọng**.\n:::", "Một đoạn.", "::: scene hello", "is not closed"),
    ("Nghỉ một lát.\n:::", "Nghỉ một lát.", "::: result", "is not closed"),
    ("::: check check", "Lạc lõng\n\n::: check check", "Lạc lõng", "outside of a block"),
    ("Một đoạn", "[Trang](https://example.org)", "[Trang]", "a link would lead out"),
    ("Một đoạn", "### Nhỏ", "### Nhỏ", "only paragraphs"),
    ("](tree.svg)", "](https://example.org/tree.svg)", "![Một cái cây]", "is not an .svg picture"),
    ("](tree.svg)", "](../tree.svg)", "![Một cái cây]", "is not an .svg picture"),
    ("](tree.svg)", "](bush.svg)", "::: scene hello", "bush.svg is not in the folder"),
    ("![Một cái cây]", "![]", "![]", "say in the square brackets"),
    ("- [x] Đúng\n  > Vì đúng.", "- [ ] Đúng\n  > Vì đúng.", "::: choose-one one", "no answer is marked"),
    ("- [ ] Sai\n  > Vì sai.", "- [x] Sai\n  > Vì sai.", "::: choose-one one", "only one answer"),
    ("  > Vì sai.\n", "", "::: choose-one one", "every answer needs a line of >"),
    ("- [ ] Sai\n  > Vì sai.\n", "", "::: choose-one one", "from 2 to 8 answers"),
    ("  > Vì sai.", "  Vì sai.", "  Vì sai.", "answers are lines such as"),
    ("- [ ] Sai\n  > Vì sai.", "screen: X\n  > Vì sai.", "  > Vì sai.", "no answer stands above"),
    ("right: Đủ cả.\n", "", "::: choose-many", 'with "right: ..." and "wrong: ..."'),
    ("right: Đủ cả.", "right: Đủ cả.\nright: Đủ.", "right: Đủ.", "written twice"),
    ("screen: Số lạ\n", "", "::: spot", "gives the title of a phone"),
    ("2. Hai", "Hai", "Hai", "the things to put in order"),
    ("::: true-false q2\n## Câu thứ hai\n", "::: true-false q2\n## Câu thứ hai\n- [ ] Ba\n  > X.\n",
     "::: true-false", "true-false has two answers"),
    ("::: check check", "::: scene check", "END", "exactly one ::: check"),
    ("::: choose-one q1", "::: check q1", "::: check q1", "exactly one ::: check"),
    ("::: choose-one q3", "::: scene q3", "::: scene q3", "only questions stand"),
    ("::: choose-one q1", "::: result q1", "::: result end", "exactly one ::: result"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "problem"), BROKEN)
def test_a_broken_lesson_is_refused_with_file_and_line(tmp_path, old, new, line, problem):
    assert old in LESSON
    text = LESSON.replace(old, new, 1)
    folder = write_lesson(tmp_path, text)
    with pytest.raises(BrokenLesson) as refusal:
        read_lesson(folder)
    number = len(text.splitlines()) if line == "END" else line_of(text, line)
    assert refusal.value.params["line"] == number
    assert problem in refusal.value.params["problem"]
    assert str(refusal.value).startswith(f"{folder / 'lesson.md'}, line {number}: ")


def test_a_head_without_an_end_is_refused(tmp_path):
    with pytest.raises(BrokenLesson, match="is not closed"):
        read_lesson(write_lesson(tmp_path, "---\nslug: sample\n"))


def test_a_block_after_the_result_is_refused(tmp_path):
    text = LESSON + "\n::: choose-one late\n## Muộn\n- [x] A\n  > A.\n- [ ] B\n  > B.\n:::\n"
    with pytest.raises(BrokenLesson, match="::: result is the last block") as refusal:
        read_lesson(write_lesson(tmp_path, text))
    assert refusal.value.params["line"] == line_of(text, "::: choose-one late")


def test_a_check_without_questions_is_refused(tmp_path):
    start, end = LESSON.index("::: choose-one q1"), LESSON.index("::: result")
    with pytest.raises(BrokenLesson, match="before its questions"):
        read_lesson(write_lesson(tmp_path, LESSON[:start] + LESSON[end:]))


def test_an_endless_lesson_is_refused(tmp_path):
    more = "".join(f"::: scene more-{n}\n## Thêm\nChữ.\n:::\n" for n in range(40))
    with pytest.raises(BrokenLesson, match="at most 40 blocks"):
        read_lesson(write_lesson(tmp_path, LESSON.replace("::: check check", more + "::: check check")))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BrokenLesson, match="cannot be read"):
        read_lesson(tmp_path)


@pytest.mark.parametrize(
    ("picture", "problem"),
    [
        (PICTURE.replace("<rect", "<script/><rect"), "holds script"),
        (PICTURE.replace("<rect", '<rect onclick="x()"'), "holds onclick"),
        (PICTURE.replace("<rect", '<rect style="fill:red"'), "holds style"),
        (PICTURE.replace(' viewBox="0 0 320 170"', ""), "must be an svg with a viewBox"),
        ("<!DOCTYPE svg>" + PICTURE, "has a DOCTYPE"),
        ("<svg", "is not valid"),
        (PICTURE + " " * 30_000, "is larger than 30000 bytes"),
    ],
)
def test_a_picture_that_is_not_plain_is_refused(tmp_path, picture, problem):
    with pytest.raises(BrokenLesson, match=problem):
        read_lesson(write_lesson(tmp_path, picture=picture))

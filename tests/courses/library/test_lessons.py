"""What every lesson of our own must be: complete, short and plain."""

import re
from html import unescape

import pytest

from courses.authoring import build_scorm12, read_lesson
from courses.authoring.lesson import Exercise
from courses.library import folder, slugs

LONGEST_SENTENCE = 15
NUMBER_OF_QUESTIONS = 5
FEWEST_SYLLABLES, MOST_SYLLABLES = 700, 1100  # read slowly, 150 a minute, these are 5 to 7 minutes

each_lesson = pytest.mark.parametrize("slug", slugs())


def phrases(lesson):
    """Everything that a learner reads, as plain text, one paragraph or answer at a time."""
    for scene in (*lesson.steps, lesson.check.opening, *lesson.check.questions, lesson.result):
        yield scene.heading
        yield from re.split(r"</(?:p|li)>", scene.body.html)
    for exercise in lesson.exercises():
        yield from (exercise.when_right, exercise.when_wrong, exercise.screen)
        for option in exercise.options:
            yield from (option.label, option.html, option.why)


def plain(html):
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def test_there_is_a_lesson_for_every_topic():
    assert sorted(read_lesson(folder(slug)).about.topic for slug in slugs()) == [1, 2, 3, 4]


@each_lesson
def test_the_slug_is_the_name_of_the_folder(slug):
    assert read_lesson(folder(slug)).slug == slug


@each_lesson
def test_sentences_are_short(slug):
    sentences = [
        sentence
        for phrase in phrases(read_lesson(folder(slug)))
        for sentence in re.split(r"[.!?:;]+(?:\s|$|”)", plain(phrase))
    ]
    assert [sentence for sentence in sentences if len(sentence.split()) > LONGEST_SENTENCE] == []


@each_lesson
def test_it_takes_five_to_seven_minutes(slug):
    lesson = read_lesson(folder(slug))
    assert 5 <= lesson.about.minutes <= 7
    syllables = sum(len(plain(phrase).split()) for phrase in phrases(lesson))
    assert FEWEST_SYLLABLES <= syllables <= MOST_SYLLABLES


@each_lesson
def test_it_has_practice_of_two_kinds_and_five_questions(slug):
    lesson = read_lesson(folder(slug))
    practice = [step for step in lesson.steps if isinstance(step, Exercise)]
    assert len({step.kind for step in practice}) >= 2
    assert 6 <= len(lesson.steps) - len(practice) <= 8
    assert len(lesson.check.questions) == NUMBER_OF_QUESTIONS


@each_lesson
def test_the_right_answer_of_the_check_is_not_always_in_the_same_place(slug):
    places = [
        [o.right for o in question.options].index(True)
        for question in read_lesson(folder(slug)).check.questions
    ]
    assert len(set(places)) > 1


@each_lesson
def test_every_picture_is_used(slug):
    assert {path.name for path in folder(slug).glob("*.svg")} == set(read_lesson(folder(slug)).images)


@each_lesson
def test_the_package_is_light(slug):
    assert len(build_scorm12(slug)) < 40_000

"""The HTML of exercises: native radio buttons and check boxes, so that keyboard and screen reader work."""

from collections.abc import Sequence
from random import Random
from string import ascii_lowercase

from courses.authoring.lesson import Exercise, Kind, Option
from courses.authoring.prose import plain

FEWEST = 2
RIGHT_ORDER, RIGHT_ANSWER = "Thứ tự đúng:", "Đáp án đúng:"


def attributes(**values: str | int) -> str:
    return " ".join(f'{name.replace("_", "-")}="{plain(str(value))}"' for name, value in values.items())


def values_of(exercise: Exercise) -> tuple[str, ...]:
    """The letter by which each option is named in answers, as SCORM 1.2 wants it for the kind."""
    letters = "tf" if exercise.kind is Kind.TRUE_FALSE else ascii_lowercase
    return tuple(letters[: len(exercise.options)])


def right_response(exercise: Exercise) -> str:
    pairs = zip(values_of(exercise), exercise.options, strict=True)
    return ",".join(value for value, option in pairs if option.right)


def scorm_type(kind: Kind) -> str:
    """The type of `cmi.interactions.n.type` (SCORM 1.2 run-time environment, section 3.4.7)."""
    return {Kind.TRUE_FALSE: "true-false", Kind.ORDER: "sequencing"}.get(kind, "choice")


def shuffled(options: Sequence[tuple[str, Option]], seed: str) -> list[tuple[str, Option]]:
    """The same disorder at every build; of more than two, neither the right order nor its reverse."""
    right = list(options)
    obvious = [right, right[::-1]] if len(right) > FEWEST else [right]
    mixed, random = right[:], Random(seed)
    while mixed in obvious:
        random.shuffle(mixed)
    return mixed


def show_exercise(exercise: Exercise) -> str:
    data = attributes(
        data_type=scorm_type(exercise.kind), data_right=right_response(exercise), data_look=exercise.kind
    )
    answers = show_order(exercise) if exercise.kind is Kind.ORDER else show_choices(exercise)
    return f'<div class="exercise" {data}>\n{exercise.body.html}\n{answers}\n{show_verdict(exercise)}\n</div>'


def show_choices(exercise: Exercise) -> str:
    options = "\n".join(
        show_option(exercise, value, option)
        for value, option in zip(values_of(exercise), exercise.options, strict=True)
    )
    screen = f'<p class="screen">{exercise.screen}</p>\n' if exercise.screen else ""
    legend = f'<legend class="unseen">{exercise.heading}</legend>'
    return f'<fieldset class="{exercise.kind}">\n{legend}\n{screen}{options}\n</fieldset>'


def show_option(exercise: Exercise, value: str, option: Option) -> str:
    name = f"{exercise.id}-{value}"
    control = attributes(
        type="checkbox" if exercise.many else "radio", id=name, name=f"answer-{exercise.id}", value=value
    )
    label = f'<span class="label">{option.label}</span> ' if option.label else ""
    look = "option button" if option.is_button else "option"
    return (
        f'<div class="{look}" data-value="{value}"><input {control}>'
        f'<label for="{name}"><span class="box" aria-hidden="true"></span>'
        f'<span class="words">{label}<span class="value">{option.html}</span></span></label>'
        f'<p class="why" hidden>{option.why}</p></div>'
    )


def show_order(exercise: Exercise) -> str:
    pairs = list(zip(values_of(exercise), exercise.options, strict=True))
    buttons = "\n".join(
        f'<li><button type="button" class="place" data-value="{value}" aria-pressed="false">'
        f'<span class="number" aria-hidden="true"></span> <span>{option.html}</span>'
        f'<span class="unseen spoken"></span></button></li>'
        for value, option in shuffled(pairs, exercise.id)
    )
    return f'<ul class="order">\n{buttons}\n</ul>'


def show_verdict(exercise: Exercise) -> str:
    """What is said after answering; the run-time uncovers the parts that fit."""
    ordered = exercise.kind is Kind.ORDER
    items = "".join(f"<li>{option.html}</li>" for option in exercise.options if option.right)
    tag, title = ("ol", RIGHT_ORDER) if ordered else ("ul", RIGHT_ANSWER)
    notes = "".join(
        f'<p class="note" data-when="{when}" hidden>{text}</p>'
        for when, text in (("right", exercise.when_right), ("wrong", exercise.when_wrong))
        if text
    )
    return (
        '<div class="verdict" tabindex="-1" hidden>\n<h3 class="judgement"></h3>\n'
        '<p class="because" hidden></p>'
        f'{notes}\n<div class="solution" hidden><p>{title}</p><{tag}>{items}</{tag}></div>\n'
        '<button type="button" class="again secondary" hidden>Thử lại</button>\n</div>'
    )

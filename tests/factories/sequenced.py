"""Courses of SCORM 2004 with the sequencing of the classical examples, written for these tests.

Lessons are those of `tests.factories.scorm2004`. Chapters have no page of their own.
"""

from tests.factories.scorm2004 import item, package_2004, sequencing

NOTHING_COUNTS = (
    '<imsss:rollupRules rollupObjectiveSatisfied="false" rollupProgressCompletion="false" '
    'objectiveMeasureWeight="0"/>'
)
BY_CONTENT = '<imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>'
Part = tuple[str, str]


def chapter(identifier: str, children: list[Part], inside: str = "", visible: str = "true") -> Part:
    """An item with others below it, and their resources."""
    items = "".join(one for one, _ in children)
    head = f'<item identifier="{identifier}" isvisible="{visible}"><title>{identifier}</title>'
    return f"{head}{items}{inside}</item>", "".join(one for _, one in children)


def control(**modes: bool) -> str:
    said = " ".join(f'{name}="{str(on).lower()}"' for name, on in modes.items())
    return f"<imsss:controlMode {said}/>"


def rule(kind: str, action: str, *conditions: str, combination: str = "all") -> str:
    """`conditions` are "satisfied", "not satisfied" or "not satisfied of objective"."""
    return (
        f'<imsss:{kind}ConditionRule><imsss:ruleConditions conditionCombination="{combination}">'
        f"{''.join(_condition(one) for one in conditions)}</imsss:ruleConditions>"
        f'<imsss:ruleAction action="{action}"/></imsss:{kind}ConditionRule>'
    )


def _condition(text: str) -> str:
    said, _, objective = text.partition(" of ")
    negated, name = said.startswith("not "), said.removeprefix("not ")
    return (
        f'<imsss:ruleCondition condition="{name}"'
        + (' operator="not"' if negated else "")
        + (f' referencedObjective="{objective}"' if objective else "")
        + "/>"
    )


def rules(*each: str) -> str:
    return f"<imsss:sequencingRules>{''.join(each)}</imsss:sequencingRules>"


def mapped(identifier: str, target: str, how: str, *, primary: bool = False) -> str:
    """`how` has r and w for reading and writing satisfaction, m for writing the measure."""
    kind = "primaryObjective" if primary else "objective"
    return (
        f'<imsss:{kind} objectiveID="{identifier}"><imsss:mapInfo targetObjectiveID="{target}" '
        f'readSatisfiedStatus="{str("r" in how).lower()}" writeSatisfiedStatus="{str("w" in how).lower()}" '
        f'writeNormalizedMeasure="{str("m" in how).lower()}"/></imsss:{kind}>'
    )


def objectives(*each: str) -> str:
    return f"<imsss:objectives>{''.join(each)}</imsss:objectives>"


def rolled_up(*each: tuple[str, str, str]) -> str:
    """Rules of rollup: of how many children, which condition, what follows."""
    found = "".join(
        f'<imsss:rollupRule childActivitySet="{children}"><imsss:rollupConditions>'
        f'<imsss:rollupCondition condition="{condition}"/></imsss:rollupConditions>'
        f'<imsss:rollupAction action="{action}"/></imsss:rollupRule>'
        for children, condition, action in each
    )
    return f"<imsss:rollupRules>{found}</imsss:rollupRules>"


def remediation() -> bytes:
    """Two topics, a test for each; what is not passed comes again with its topic, until all is."""
    skip = rules(rule("pre", "skip", "satisfied"))
    last = rules(rule("pre", "skip", "satisfied"), rule("post", "exitParent", "always"))
    considered = '<adlseq:rollupConsiderations requiredForCompleted="ifNotSkipped"/>'

    def topic(name: str) -> Part:
        reads = objectives(mapped("goal", f"remedy-{name}", "r", primary=True))
        return item(name, f"Topic {name}", sequencing(skip + NOTHING_COUNTS + reads + BY_CONTENT))

    def test(name: str, own: str) -> Part:
        writes = objectives(mapped("goal", f"remedy-{name}", "rwm", primary=True))
        return item(f"T{name}", f"Test {name}", sequencing(own + writes + BY_CONTENT + considered))

    again = rules(
        rule("post", "retry", "not satisfied", "not objectiveStatusKnown", combination="any"),
        rule("post", "exitAll", "satisfied"),
    )
    wrapper = sequencing(control(choice=False, choiceExit=False, flow=True) + again)
    children = [topic("A"), topic("B"), test("A", skip), test("B", last)]
    return package_2004(
        chapter("WRAP", children, wrapper, visible="false"),
        title="Remediation",
        after=sequencing(control(choice=False, flow=True)),
        edition="3rd",
        attributes='adlseq:objectivesGlobalToSystem="false"',
    )


def pre_or_post() -> bytes:
    """Whoever passes the test before is done; others learn, and then take the test after."""
    passed = "satisfied of result"
    result = mapped("result", "pp-result", "wm", primary=True)
    before = sequencing(
        rules(rule("pre", "disabled", "attemptLimitExceeded"), rule("pre", "disabled", passed))
        + '<imsss:limitConditions attemptLimit="1"/>'
        + objectives(result)
    )
    learned = sequencing(
        control(choice=True, flow=True)
        + rolled_up(("all", "completed", "satisfied"))
        + objectives(mapped("learned", "pp-learned", "w", primary=True))
    )
    unlearned = ("not satisfied of learned", "not objectiveStatusKnown of learned")
    after = sequencing(
        rules(rule("pre", "disabled", passed), rule("pre", "disabled", *unlearned, combination="any"))
        + objectives(result, mapped("learned", "pp-learned", "r"))
    )
    inside = sequencing(
        control(choice=True, flow=True)
        + rolled_up(("any", "completed", "incomplete"), ("all", "completed", "completed"))
        + objectives(mapped("result", "pp-result", "r", primary=True))
    )
    parts = [
        item("PRE", "Before", before),
        chapter("LEARN", [item("A", "Part A"), item("B", "Part B")], learned, visible="false"),
        item("POST", "After", after),
    ]
    root = sequencing(control(choice=True, flow=True) + rolled_up(("any", "satisfied", "completed")))
    return package_2004(
        chapter("ALL", parts, inside, visible="false"),
        title="Pre or post",
        after=root,
        edition="3rd",
        attributes='adlseq:objectivesGlobalToSystem="false"',
    )


def paths() -> bytes:
    """A test that says of each topic whether it is known; what is known is skipped, and not missed."""
    names = ("A", "B", "C")
    each = [mapped(f"know-{name}", f"paths-{name}", "wm") for name in names]
    test = sequencing(objectives('<imsss:primaryObjective objectiveID="result"/>', *each))
    skip = rules(rule("pre", "skip", "satisfied"))
    considered = '<adlseq:rollupConsiderations requiredForCompleted="ifNotSkipped"/>'
    topics = [
        item(
            name,
            f"Topic {name}",
            sequencing(skip + objectives(mapped("goal", f"paths-{name}", "r", primary=True)) + considered),
        )
        for name in names
    ]
    return package_2004(
        item("PRE", "Test", test),
        *topics,
        title="Paths",
        after=sequencing(control(choice=True, flow=True)),
        attributes='adlseq:objectivesGlobalToSystem="false"',
    )


def jumping() -> bytes:
    """Parts in order by completion (a global objective of the 4th edition), a test that one may jump to."""

    def part(name: str, before: str, weight: str) -> Part:
        own = (
            '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="1.0" '
            f'progressWeight="{weight}"/>'
        )
        unready = ("not completed of previous", "not activityProgressKnown of previous")
        order = rules(rule("pre", "disabled", *unready, combination="any")) if before else ""
        local = '<imsss:objective objectiveID="previous"/>' if before else ""
        maps = _completion("own", f"jump-{name}", write=True)
        maps += _completion("previous", f"jump-{before}", write=False) if before else ""
        return item(
            name,
            f"Part {name}",
            own
            + sequencing(
                order
                + objectives('<imsss:primaryObjective objectiveID="own"/>' + local)
                + NOTHING_COUNTS
                + BY_CONTENT
                + f"<adlseq:objectives>{maps}</adlseq:objectives>"
            ),
        )

    test = sequencing(objectives('<imsss:primaryObjective objectiveID="result"/>') + BY_CONTENT)
    return package_2004(
        part("A", "", "0.4"),
        part("B", "A", "0.6"),
        item("TEST.1", "Test", test),
        title="Jumping",
        after=sequencing(control(choice=True, flow=True)),
        attributes='adlseq:objectivesGlobalToSystem="false"',
    )


def _completion(identifier: str, target: str, *, write: bool) -> str:
    return (
        f'<adlseq:objective objectiveID="{identifier}"><adlseq:mapInfo targetObjectiveID="{target}" '
        f'readCompletionStatus="true" writeCompletionStatus="{str(write).lower()}"/></adlseq:objective>'
    )


def random_test(drawn: int = 3, attempts: int = 2) -> bytes:
    """A part, and a test of some of six questions in another order each time.

    Where one question is the test, whoever fails gets another one, as often as there are attempts.
    """
    inside = sequencing(rules(rule("post", "exitParent", "always"))) if drawn == 1 else ""
    questions = [item(f"Q{number}", f"Question {number}", inside) for number in range(1, 7)]
    chosen = (
        f'<imsss:randomizationControls randomizationTiming="onEachNewAttempt" selectCount="{drawn}" '
        'reorderChildren="true" selectionTiming="onEachNewAttempt"/>'
    )
    again = rules(
        rule("pre", "disabled", "attemptLimitExceeded"),
        rule("post", "exitAll", "satisfied"),
        rule("post", "retry", "not satisfied", "not attemptLimitExceeded"),
    )
    test = sequencing(
        control(choice=False, flow=True, forwardOnly=True)
        + again
        + f'<imsss:limitConditions attemptLimit="{attempts}"/>'
        + chosen
    )
    return package_2004(
        item("PART", "Part", sequencing(NOTHING_COUNTS)),
        chapter("TEST", questions, test),
        title="Random test",
        after=sequencing(control(choice=False, flow=True)),
        edition="3rd",
        attributes='adlseq:objectivesGlobalToSystem="false"',
    )

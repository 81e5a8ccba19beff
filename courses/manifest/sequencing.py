"""What SCORM 2004 says about order and navigation, as plain data (Sequencing and Navigation 3; CAM 5).

Every default is the specification's, so that what a manifest leaves out is what it means. Measures are scaled
scores, -1..1; weights and progress are 0..1.
"""

from dataclasses import dataclass
from typing import Literal

Combination = Literal["all", "any"]


@dataclass(frozen=True)
class ControlMode:
    """How a learner may move among the children of an activity."""

    choice: bool = True
    choice_exit: bool = True
    flow: bool = False
    forward_only: bool = False
    use_current_attempt_objective_info: bool = True
    use_current_attempt_progress_info: bool = True


@dataclass(frozen=True)
class ConstrainedChoice:
    prevent_activation: bool = False
    constrain_choice: bool = False


@dataclass(frozen=True)
class RuleCondition:
    """`objective` is one of the activity's objectives, "" for the primary one; `measure` is compared with."""

    condition: str
    negated: bool = False
    objective: str = ""
    measure: float | None = None


@dataclass(frozen=True)
class SequencingRule:
    action: str
    conditions: tuple[RuleCondition, ...]
    combination: Combination = "all"


@dataclass(frozen=True)
class SequencingRules:
    """Looked at before an activity is reached, when something below it ends, and when it has ended."""

    pre: tuple[SequencingRule, ...] = ()
    exit: tuple[SequencingRule, ...] = ()
    post: tuple[SequencingRule, ...] = ()


@dataclass(frozen=True)
class LimitConditions:
    """Durations are ISO 8601, moments as written; "" where there is no limit."""

    attempts: int | None = None
    attempt_absolute_duration: str = ""
    attempt_experienced_duration: str = ""
    activity_absolute_duration: str = ""
    activity_experienced_duration: str = ""
    begin: str = ""
    end: str = ""


@dataclass(frozen=True)
class RollupCondition:
    condition: str
    negated: bool = False


@dataclass(frozen=True)
class RollupRule:
    """`children` says of how many children the conditions must hold, with `count` or `percent` (0..1)."""

    action: str
    conditions: tuple[RollupCondition, ...]
    combination: Combination = "any"
    children: str = "all"
    count: int = 0
    percent: float = 0.0


@dataclass(frozen=True)
class RollupRules:
    """What an activity adds to its parent, and the rules by which its status follows from its children."""

    objective_satisfied: bool = True
    progress_completion: bool = True
    measure_weight: float = 1.0
    rules: tuple[RollupRule, ...] = ()


@dataclass(frozen=True)
class RollupConsiderations:
    """always, ifAttempted, ifNotSkipped or ifNotSuspended (adlseq)."""

    required_for_satisfied: str = "always"
    required_for_not_satisfied: str = "always"
    required_for_completed: str = "always"
    required_for_incomplete: str = "always"
    measure_satisfaction_if_active: bool = True


@dataclass(frozen=True)
class ObjectiveMap:
    """What an objective reads from a global objective and writes to it.

    The last ten are the 4th edition's (adlseq:mapInfo), and False where a manifest has only the older one.
    """

    target: str
    read_satisfied_status: bool = False
    read_normalized_measure: bool = False
    write_satisfied_status: bool = False
    write_normalized_measure: bool = False
    read_raw_score: bool = False
    read_min_score: bool = False
    read_max_score: bool = False
    read_completion_status: bool = False
    read_progress_measure: bool = False
    write_raw_score: bool = False
    write_min_score: bool = False
    write_max_score: bool = False
    write_completion_status: bool = False
    write_progress_measure: bool = False


@dataclass(frozen=True)
class SequencingObjective:
    """`identifier` may be "" for the primary one; `min_measure` counts only where satisfied by measure."""

    identifier: str
    primary: bool = False
    satisfied_by_measure: bool = False
    min_measure: float = 1.0
    maps: tuple[ObjectiveMap, ...] = ()


@dataclass(frozen=True)
class RandomizationControls:
    """Timings are never, once or onEachNewAttempt."""

    randomization_timing: str = "never"
    reorder_children: bool = False
    selection_timing: str = "never"
    select_count: int | None = None


@dataclass(frozen=True)
class DeliveryControls:
    tracked: bool = True
    completion_set_by_content: bool = False
    objective_set_by_content: bool = False


@dataclass(frozen=True)
class AuxiliaryResource:
    identifier: str
    purpose: str


@dataclass(frozen=True)
class Sequencing:
    """Everything, with what the shared sequencing it refers to adds (CAM 5.1.1: the element's own wins)."""

    control_mode: ControlMode = ControlMode()
    constrained_choice: ConstrainedChoice = ConstrainedChoice()
    rules: SequencingRules = SequencingRules()
    limits: LimitConditions = LimitConditions()
    auxiliary_resources: tuple[AuxiliaryResource, ...] = ()
    rollup: RollupRules = RollupRules()
    rollup_considerations: RollupConsiderations = RollupConsiderations()
    objectives: tuple[SequencingObjective, ...] = ()
    randomization: RandomizationControls = RandomizationControls()
    delivery: DeliveryControls = DeliveryControls()

    @property
    def primary(self) -> SequencingObjective | None:
        return next((one for one in self.objectives if one.primary), None)


NO_SEQUENCING = Sequencing()


@dataclass(frozen=True)
class CompletionThreshold:
    """When an activity is completed by its progress (adlcp:completionThreshold); all numbers 0..1.

    Up to the 3rd edition the element's text is `min_progress_measure`, and `completed_by_measure` is true.
    """

    completed_by_measure: bool = False
    min_progress_measure: float = 1.0
    progress_weight: float = 1.0


@dataclass(frozen=True)
class SharedData:
    """A store that several activities may use (adlcp:map, 4th edition)."""

    target: str
    read: bool = True
    write: bool = True

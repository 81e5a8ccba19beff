// Drawing lots in a course that chooses among the lessons of a chapter, or shuffles them (SCORM 2004, SR.1 and SR.2).
// scorm-again 3.4 draws once the first lesson of the chapter was delivered, which is then always the same one, and may
// have no place among the others. So it is told of no lots, and they are drawn here: before a chapter is entered first,
// and again before each new attempt at it, where the manifest wants that.
const EACH = "onEachNewAttempt";

const draws = ({ selectionTiming, selectCount, randomizationTiming, randomizeChildren }) => ({
  selects: selectCount !== null && selectionTiming !== "never" ? selectionTiming : null,
  shuffles: randomizeChildren && randomizationTiming !== "never" ? randomizationTiming : null,
  count: selectCount,
});

const all = (activity) => [activity, ...activity.children.flatMap(all)];

// The tree for scorm-again. With the timing “once” it looks at which lessons are there, and changes none.
export function withoutLots({ sequencingControls, children, ...activity }) {
  const { selects, shuffles } = draws(sequencingControls);
  const none = { selectionTiming: "once", selectCount: null, randomizationTiming: "never", randomizeChildren: false };
  const controls = selects || shuffles ? { ...sequencingControls, ...none } : sequencingControls;
  return { ...activity, sequencingControls: controls, children: children.map(withoutLots) };
}

// `tree` is as the manifest has it. What was drawn is part of scorm-again's own state.
export function drawLots(api, tree) {
  const lots = new Map(all(tree).map(({ id, sequencingControls }) => [id, draws(sequencingControls)]));
  const service = api.getSequencingService();
  for (const activity of all(service.sequencing.activityTree.root)) draw(activity, lots.get(activity.id), true);
  const drawn = new WeakMap();
  const flow = service.getOverallSequencingProcess().sequencingProcess.traversalService;
  flow.ensureSelectionAndRandomization = (activity) => {
    const { attemptCount, isActive, isSuspended } = activity;
    if (!attemptCount || isActive || isSuspended || drawn.get(activity) === attemptCount) return;
    drawn.set(activity, attemptCount);
    draw(activity, lots.get(activity.id), false);
  };
}

function draw(activity, { selects, shuffles, count }, isFirst) {
  if (selects === EACH || (selects && isFirst)) choose(activity.children, count);
  if (shuffles === EACH || (shuffles && isFirst)) activity.setChildOrder(shuffled(activity.children).map(({ id }) => id));
  if (selects || shuffles) activity.setProcessedChildren(activity.children.filter((child) => child.isAvailable));
}

function choose(children, count) {
  const chosen = new Set(shuffled(children).slice(0, count));
  for (const child of children) {
    child.isAvailable = chosen.has(child);
    child.isHiddenFromChoice = !child.isAvailable;
  }
}

function shuffled(list) {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

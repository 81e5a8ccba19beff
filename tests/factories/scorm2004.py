"""Packages of SCORM 2004 in the manner of several tools, written for these tests.

The lesson is one page with buttons; it bookmarks in suspend_data, tells its time, and says Terminate when
it is unloaded, as a suspended one unless it was completed.
"""

from collections.abc import Mapping, Sequence

from tests.factories.packages import ADLCP2004, CP2004, zipped

FINDER = b"""
function findAPI(win) {
  var tries = 0;
  while (!win.API_1484_11 && win.parent && win.parent !== win && tries < 20) { tries += 1; win = win.parent; }
  return win.API_1484_11 || null;
}
"""

SCO = b"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>SCO</title>
<script src="finder.js"></script><script>
var api = findAPI(window), ended = false, began = Date.now();
function set(name, value) { return api.SetValue(name, String(value)); }
function start() {
  api.Initialize('');
  document.getElementById('place').textContent = api.GetValue('cmi.suspend_data') || '0';
  document.getElementById('entry').textContent = api.GetValue('cmi.entry') + '/' + api.GetValue('cmi.mode');
  document.getElementById('who').textContent = api.GetValue('cmi.learner_id');
  document.getElementById('answers').textContent = api.GetValue('cmi.interactions._count');
  document.getElementById('store').textContent = api.GetValue('adl.data.0.store');
  if (api.GetValue('cmi.completion_status') !== 'completed') set('cmi.completion_status', 'incomplete');
}
function step() {
  var place = Number(document.getElementById('place').textContent) + 1;
  document.getElementById('place').textContent = place;
  set('cmi.suspend_data', place); set('cmi.location', 'p' + place); set('cmi.progress_measure', place / 10);
  api.Commit('');
}
function score(scaled) {
  set('cmi.score.scaled', scaled); set('cmi.score.raw', scaled * 10); set('cmi.score.min', 0);
  set('cmi.score.max', 10); set('cmi.success_status', scaled >= 0.8 ? 'passed' : 'failed');
  set('cmi.interactions.0.id', 'q1'); set('cmi.interactions.0.type', 'choice');
  set('cmi.interactions.0.correct_responses.0.pattern', 'a');
  set('cmi.interactions.0.learner_response', scaled >= 0.8 ? 'a' : 'b');
  set('cmi.interactions.0.result', scaled >= 0.8 ? 'correct' : 'incorrect');
  done();
}
function done() { set('cmi.completion_status', 'completed'); set('cmi.progress_measure', 1); api.Commit(''); }
function ask(request) { set('adl.nav.request', request); end(); }
function end() {
  if (ended || !api) return;
  ended = true;
  set('cmi.session_time', 'PT' + Math.max(1, Math.round((Date.now() - began) / 1000)) + 'S');
  set('cmi.exit', api.GetValue('cmi.completion_status') === 'completed' ? 'normal' : 'suspend');
  api.Terminate('');
}
</script></head><body onload="start()" onbeforeunload="end()" onunload="end()">
<h1>SCO</h1><p>Place <span id="place"></span>, <span id="entry"></span>, <span id="who"></span>,
<span id="store"></span>, <span id="answers"></span></p>
<button id="step" onclick="step()">Step</button>
<button id="right" onclick="score(0.9)">Right</button>
<button id="wrong" onclick="score(0.3)">Wrong</button>
<button id="done" onclick="done()">Done</button>
<button id="share" onclick="set('adl.data.0.store', 'shared')">Share</button>
<button id="continue" onclick="ask('continue')">Continue</button>
<button id="exit" onclick="end()">Exit</button>
<button id="exit-all" onclick="ask('exitAll')">Exit all</button>
<button id="suspend-all" onclick="ask('suspendAll')">Suspend all</button>
</body></html>"""

SILENT = (
    b"<!doctype html><html lang='vi'><head><title>Silent</title></head><body><h1>Silent</h1></body></html>"
)
FRAMESET = b"""<html><head><title>Khung</title></head><frameset rows="*"><frame name="inside" src="sco.html">
</frameset></html>"""
FILES = {"sco.html": SCO, "finder.js": FINDER, "silent.html": SILENT, "frames.htm": FRAMESET}

PASS_MARK = (
    '<imsss:objectives><imsss:primaryObjective objectiveID="goal" satisfiedByMeasure="true">'
    "<imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"
)


def sequencing(inside: str) -> str:
    return f"<imsss:sequencing>{inside}</imsss:sequencing>"


def item(
    identifier: str, title: str = "", inside: str = "", *, page: str = "sco.html", kind: str = "sco"
) -> tuple[str, str]:
    """An item, and its resource."""
    named = f'<item identifier="{identifier}" identifierref="R-{identifier}">'
    resource = f'identifier="R-{identifier}" type="webcontent" adlcp:scormType="{kind}" href="{page}"'
    return f"{named}<title>{title or identifier}</title>{inside}</item>", f"<resource {resource}/>"


def manifest_2004(
    items: Sequence[tuple[str, str]],
    *,
    title: str,
    after: str = "",
    edition: str = "4th",
    attributes: str = "",
) -> bytes:
    """`after` is the organization's own sequencing."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest identifier="M" xmlns="{CP2004}" '
        f'xmlns:adlcp="{ADLCP2004}" xmlns:imsss="http://www.imsglobal.org/xsd/imsss" '
        'xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" '
        'xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"><metadata><schema>ADL SCORM</schema>'
        f"<schemaversion>2004 {edition} Edition</schemaversion></metadata>"
        f'<organizations default="O"><organization identifier="O" {attributes}><title>{title}</title>'
        f"{''.join(one for one, _ in items)}{after}</organization></organizations>"
        f"<resources>{''.join(one for _, one in items)}</resources></manifest>"
    ).encode()


def package_2004(
    *items: tuple[str, str],
    title: str = "SCORM 2004",
    files: Mapping[str, bytes] | None = None,
    **options: str,
) -> bytes:
    return zipped({**FILES, **(files or {}), "imsmanifest.xml": manifest_2004(items, title=title, **options)})


def single(title: str = "Một bài 2004") -> bytes:
    """One lesson with a pass mark of 0.8."""
    return package_2004(item("S1", title, sequencing(PASS_MARK)), title=title)


def sharing(title: str = "Dùng chung") -> bytes:
    """Two lessons with a store in common; in the second the player must not offer the way back."""
    store = (
        '<adlcp:data><adlcp:map targetID="store" readSharedData="true" writeSharedData="true"/></adlcp:data>'
    )
    hidden = (
        "<adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>previous</adlnav:hideLMSUI>"
        "</adlnav:navigationInterface></adlnav:presentation>"
    )
    flow = sequencing('<imsss:controlMode choice="true" flow="true"/>')
    return package_2004(
        item("A", "Bài A", store), item("B", "Bài B", store + hidden), title=title, after=flow
    )


def in_order(title: str = "Học lần lượt") -> bytes:
    """Three lessons, each open once the one before is satisfied; the last is a frameset."""
    known = 'referencedObjective="before" operator="not" condition="objectiveStatusKnown"'
    satisfied = 'referencedObjective="before" operator="not" condition="satisfied"'
    rule = (
        "<imsss:sequencingRules><imsss:preConditionRule>"
        '<imsss:ruleConditions conditionCombination="any">'
        f"<imsss:ruleCondition {known}/><imsss:ruleCondition {satisfied}/></imsss:ruleConditions>"
        '<imsss:ruleAction action="disabled"/></imsss:preConditionRule></imsss:sequencingRules>'
    )
    flow = sequencing('<imsss:controlMode choice="true" flow="true"/>')
    return package_2004(
        item("A", "Bài A", sequencing(_objectives("A"))),
        item("B", "Bài B", sequencing(rule + _objectives("B", before="A"))),
        item("C", "Bài C", sequencing(rule + _objectives("C", before="B")), page="frames.htm"),
        title=title,
        after=flow,
        attributes='adlseq:objectivesGlobalToSystem="false"',
    )


def telling(objective: str, attributes: str = "") -> bytes:
    """One lesson whose success is that of a global objective."""
    return package_2004(item("A", "Bài A", sequencing(_objectives(objective))), attributes=attributes)


def _objectives(own: str, before: str = "") -> str:
    found = (
        f'<imsss:primaryObjective objectiveID="own"><imsss:mapInfo targetObjectiveID="g{own}" '
        'readSatisfiedStatus="true" writeSatisfiedStatus="true"/></imsss:primaryObjective>'
    )
    if before:
        found += (
            f'<imsss:objective objectiveID="before"><imsss:mapInfo targetObjectiveID="g{before}" '
            'readSatisfiedStatus="true" writeSatisfiedStatus="false"/></imsss:objective>'
        )
    return f"<imsss:objectives>{found}</imsss:objectives>"

"""A package in the manner of other tools: frames, an API looked for in the parents, old ways to leave.

Written for these tests. The lesson has three pages in a frame; its data is a bookmark in suspend_data, and it
says LMSFinish when its frameset is unloaded.
"""

from courses.packaging import BuildItem, build

FINDER = b"""
function findAPI(win) {
  var tries = 0;
  while (!win.API && win.parent && win.parent !== win && tries < 20) { tries += 1; win = win.parent; }
  return win.API || null;
}
"""

FRAMESET = b"""<html><head><title>Khung</title><script src="js/finder.js"></script><script>
var api = findAPI(window.parent) || findAPI(window), page = 1, done = false, began = new Date();
function two(n) { return (n < 10 ? '0' : '') + n; }
function start() {
  api.LMSInitialize('');
  page = parseInt(api.LMSGetValue('cmi.suspend_data') || '1', 10);
  var status = 'cmi.core.lesson_status';
  if (api.LMSGetValue(status) === 'not attempted') api.LMSSetValue(status, 'incomplete');
  show();
}
function show() {
  document.getElementsByName('inside')[0].src = 'pages/page' + page + '.htm?bookmark=' + page;
}
function keep() {
  api.LMSSetValue('cmi.suspend_data', String(page));
  api.LMSSetValue('cmi.core.lesson_location', 'page' + page);
}
function next() {
  page += 1; keep(); api.LMSCommit(''); show();
}
function answered(points) {
  api.LMSSetValue('cmi.core.score.raw', String(points));
  api.LMSSetValue('cmi.core.lesson_status', 'completed');
  api.LMSCommit('');
}
function leave() {
  if (done) return; done = true;
  var seconds = Math.round((new Date() - began) / 1000);
  api.LMSSetValue('cmi.core.session_time', '00:00:' + two(Math.min(seconds, 59)));
  if (api.LMSGetValue('cmi.core.lesson_status') === 'incomplete') api.LMSSetValue('cmi.core.exit', 'suspend');
  else api.LMSSetValue('cmi.core.exit', '');
  api.LMSFinish('');
}
</script></head>
<frameset rows="*" onload="start()" onbeforeunload="leave()" onunload="leave()">
<frame name="inside" src="pages/blank.htm"></frameset></html>
"""

PAGE = """<html><head><title>Trang {number}</title></head><body><h1>Trang {number}</h1>
<p><a id="next" href="javascript:parent.next()">Next</a></p></body></html>"""

QUIZ = b"""<html><head><title>Quiz</title></head><body><h1>Quiz</h1>
<button id="right" onclick="parent.answered(90); document.body.className = 'sent'">Right</button>
<button id="wrong" onclick="parent.answered(30); document.body.className = 'sent'">Wrong</button>
</body></html>"""

MINIMAL = b"""<html><head><script src="js/finder.js"></script></head>
<body onload="findAPI(window).LMSInitialize('')" onunload="findAPI(window).LMSFinish('')">
<h1>Minimal</h1></body></html>"""


def foreign_package() -> bytes:
    """Two lessons: the frameset with a pass mark of 80, and one that only opens and closes."""
    files = {
        "start.htm": FRAMESET,
        "minimal.htm": MINIMAL,
        "js/finder.js": FINDER,
        "pages/blank.htm": b"<html></html>",
        "pages/page1.htm": PAGE.format(number=1).encode(),
        "pages/page2.htm": PAGE.format(number=2).encode(),
        "pages/page3.htm": QUIZ,
    }
    lessons = [
        BuildItem(identifier="FRAMES", title="Bài có khung", href="start.htm", mastery_score=80),
        BuildItem(identifier="MINIMAL", title="Bài ngắn", href="minimal.htm"),
    ]
    return build(files, identifier="FOREIGN", title="Gói của công cụ khác", lessons=lessons)

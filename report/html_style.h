// The style sheet of the page.

#ifndef MINOS_REPORT_HTML_STYLE_H_
#define MINOS_REPORT_HTML_STYLE_H_

namespace minos::report {

inline constexpr char kHtmlStyle[] = R"css(
:root { --ink: #1b1f24; --faint: #667; --page: #fff; --box: #f5f6f8;
  --line: #d5d9df; --valid: #16734a; --unknown: #8a5a00; --violation: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --faint: #9aa3ad; --page: #15181c; --box: #1e2227;
    --line: #3a4048; --valid: #58c794; --unknown: #e0a83a;
    --violation: #ff8a80; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--page); max-width: 72rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
article { background: var(--box); border-radius: 8px; padding: .5rem 1rem;
  margin: 1rem 0; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line); }
code, svg text { font-family: ui-monospace, "DejaVu Sans Mono", monospace;
  font-size: 13px; }
.badge { border-radius: 4px; padding: .1rem .5rem; font-weight: 600;
  border: 1px solid currentColor; }
.valid { color: var(--valid); } .unknown { color: var(--unknown); }
.violation, .error { color: var(--violation); }
.faint { color: var(--faint); }
.picture { overflow-x: auto; padding: .5rem 0; }
.bar rect { fill: var(--page); stroke: var(--ink); }
.bar text, .label { fill: var(--ink); }
.maybe rect { stroke-dasharray: 4 3; }
.culprit rect { stroke: var(--violation); stroke-width: 2; }
.culprit text { fill: var(--violation); }
.lane { stroke: var(--line); } .moment { fill: var(--faint); }
)css";

}  // namespace minos::report

#endif  // MINOS_REPORT_HTML_STYLE_H_

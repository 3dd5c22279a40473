// A violation, explained on a page.

#ifndef MINOS_REPORT_VIOLATION_HTML_H_
#define MINOS_REPORT_VIOLATION_HTML_H_

#include <string>

#include "checker/verdict.h"
#include "history/history.h"

namespace minos::report {

// An <article>: the summary, the picture of the core, its operations, what
// state was possible and why nothing fits it, the proof, and the sentences.
std::string ViolationHtml(const history::History& history,
                          const checker::Violation& violation);

}  // namespace minos::report

#endif  // MINOS_REPORT_VIOLATION_HTML_H_

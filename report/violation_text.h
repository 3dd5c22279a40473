// A violation, explained to people.

#ifndef MINOS_REPORT_VIOLATION_TEXT_H_
#define MINOS_REPORT_VIOLATION_TEXT_H_

#include <string>

#include "checker/verdict.h"
#include "history/history.h"
#include "report/style.h"

namespace minos::report {

// The summary, the picture of the core, what state was possible and why nothing
// fits it, and the sentences; indented, without an empty line at either end.
std::string ViolationText(const history::History& history,
                          const checker::Violation& violation,
                          const Style& style);

}  // namespace minos::report

#endif  // MINOS_REPORT_VIOLATION_TEXT_H_

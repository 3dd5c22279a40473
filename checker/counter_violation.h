// What is said of a read of a counter whose sum is not explained.

#ifndef MINOS_CHECKER_COUNTER_VIOLATION_H_
#define MINOS_CHECKER_COUNTER_VIOLATION_H_

#include <string>
#include <vector>

#include "checker/session_history.h"
#include "checker/verdict.h"

namespace minos::checker {

// The violation whose culprit is `read`; its core is that and the steps of
// `core`. O(core · log core).
Violation CounterViolation(const SessionHistory& steps, std::string kind,
                           Step read, std::vector<Step> core,
                           std::string summary,
                           std::vector<std::string> sentences);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_VIOLATION_H_

// What was wrong with a recording, on standard error.

#ifndef MINOS_CLI_PROBLEM_MESSAGES_H_
#define MINOS_CLI_PROBLEM_MESSAGES_H_

#include <string>
#include <string_view>

#include "history/problem.h"
#include "report/result.h"

namespace minos::cli {

// "run.edn:3:12: error: REASON [code]", and the hint on a line of its own.
std::string ProblemText(std::string_view file, const history::Problem& problem);

// Prints why `result` was not judged, if it was not: the first few errors, and
// how to see the others.
void PrintErrors(const report::FileResult& result);

}  // namespace minos::cli

#endif  // MINOS_CLI_PROBLEM_MESSAGES_H_

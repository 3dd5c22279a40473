// The report for programs, schema "minos.result/1".
//
//   {"schema": "minos.result/1", "verdict": "violation",
//    "summary": {"files": 2, "valid": 1, "unknown": 0, "error": 0,
//                "violation": 1},
//    "histories": [{"file": "a.edn", "verdict": "violation", "format": "edn",
//                   "operations": 170, "notes": [], "problems": [],
//                   "checks": [{"consistency": "linearizable", …}]}, …]}
//
// A file that could not be judged has "verdict": "error", an "error" (what and
// why) and a "hint" (what to do), and no checks.

#ifndef MINOS_REPORT_JSON_H_
#define MINOS_REPORT_JSON_H_

#include <memory>
#include <string>
#include <vector>

#include "checker/verdict.h"
#include "history/history.h"
#include "report/renderer.h"
#include "report/result.h"

namespace minos::report {

// The name of the schema.
inline constexpr char kResultSchema[] = "minos.result/1";

// Holds all entries until it is finished.
std::unique_ptr<Renderer> MakeJsonRenderer(const RenderOptions& options);

// One entry of "histories", as JSON text on one line.
std::string HistoryJson(const FileResult& result);

// The value of "checks", as JSON text on one line.
std::string ChecksJson(const history::History& history,
                       const std::vector<checker::CheckResult>& checks);

}  // namespace minos::report

#endif  // MINOS_REPORT_JSON_H_

// A small picture of a few operations: one lane a process.

#ifndef MINOS_REPORT_LANES_H_
#define MINOS_REPORT_LANES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "history/history.h"
#include "history/operation.h"
#include "report/style.h"

namespace minos::report {

struct Lanes {
  // The operations to draw, in the order of their calls.
  std::vector<history::OpIndex> operations;
  // Those of them that may or may not have happened: drawn dashed.
  std::vector<history::OpIndex> relaxed;
  // The one that nothing explains: drawn with a cross.
  std::optional<history::OpIndex> culprit;
};

// Draws `lanes` in lines behind `indent` spaces, each ending with a newline.
// Where they fit in `width` columns, time runs from left to right,
//
//   process 0  ├ write 3 ──┤
//   process 1       ├ read → 1 ┤ ✗
//   line       12   13     14  15
//
// and otherwise from top to bottom, with the values shortened:
//
//   line  process 0  process 1
//     12  ┌ write 3
//     13  │          ┌ read → 1 ✗
//     14  └          │
//     15             └
//
// O(n log n).
std::string DrawLanes(const history::History& history, const Lanes& lanes,
                      size_t indent, size_t width, const Style& style);

}  // namespace minos::report

#endif  // MINOS_REPORT_LANES_H_

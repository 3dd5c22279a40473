// Where each operation of a picture of lanes stands, whatever draws it.

#ifndef MINOS_REPORT_LANE_LAYOUT_H_
#define MINOS_REPORT_LANE_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "history/history.h"
#include "history/operation.h"
#include "report/lanes.h"

namespace minos::report {

// One operation of the picture.
struct LaneBar {
  history::OpIndex op = 0;
  size_t lane = 0;
  std::string label;
  bool is_culprit = false;
  bool is_open = false;    // it never returned
  bool is_dashed = false;  // it may or may not have happened
  size_t first = 0;        // its call, as an index into the moments
  size_t last = 0;         // its return; behind the moments if it is open
};

// A call or a return.
struct LaneMoment {
  history::Position position = 0;
  uint64_t line = 0;
};

struct LaneLayout {
  std::vector<std::string> lanes;   // their names
  std::vector<LaneBar> bars;        // in the order of the calls
  std::vector<LaneMoment> moments;  // in the order of time
  bool has_lines = false;           // else `line` counts events
};

// What a bar needs besides its label: "├ " and " ┤".
inline constexpr size_t kBarEnds = 3;
// What the mark of the culprit needs behind its bar: " ✗ ".
inline constexpr size_t kCrossColumns = 3;

// A process has one lane, in the order of the first calls. A lane ends with an
// operation that never returned: should its process go on all the same, it gets
// another. O(n log n).
LaneLayout LayOutLanes(const history::History& history, const Lanes& lanes);

// The column of each moment, in characters, and behind them that of the end of
// time: as close together as the labels of the bars and the line numbers below
// them allow.
std::vector<size_t> LaneColumns(const LaneLayout& layout);

}  // namespace minos::report

#endif  // MINOS_REPORT_LANE_LAYOUT_H_

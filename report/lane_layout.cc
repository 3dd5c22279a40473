#include "report/lane_layout.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/operation_text.h"
#include "history/value.h"
#include "history/value_text.h"
#include "report/words.h"

namespace minos::report {
namespace {

using history::History;
using history::kNever;
using history::OpIndex;
using history::Position;
using history::ValueId;

constexpr size_t kWideValue = 24;

bool Contains(const std::vector<OpIndex>& ops, OpIndex op) {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

std::string ProcessName(const History& history, ValueId process) {
  std::string name = ToShortText(history.values(), process, kWideValue);
  if (name.size() > 1 && name.front() == ':') name.erase(0, 1);
  return "process " + Printable(name);
}

// The lane of the process of `op`, in the order of the first calls.
// `processes` says whose the lanes are. A lane ends with an operation that
// never returned: should its process go on all the same, it gets another lane.
size_t LaneOf(const History& history, OpIndex op,
              std::vector<ValueId>& processes, LaneLayout& layout) {
  const ValueId process = history.process(op);
  const auto found = std::find(processes.begin(), processes.end(), process);
  const size_t lane = found - processes.begin();
  if (found == processes.end()) {
    processes.push_back(process);
    layout.lanes.push_back(ProcessName(history, process));
  }
  if (history.return_position(op) == kNever) {
    processes[lane] = history::kNoValue;
  }
  return lane;
}

void AddMoments(const History& history, LaneLayout& layout) {
  for (const LaneBar& bar : layout.bars) {
    const Position call = history.call(bar.op);
    layout.moments.push_back(
        {call, layout.has_lines ? history.call_line(bar.op) : call});
    if (bar.is_open) continue;
    const Position end = history.completion(bar.op);
    layout.moments.push_back(
        {end, layout.has_lines ? history.completion_line(bar.op) : end});
  }
  std::sort(layout.moments.begin(), layout.moments.end(),
            [](const LaneMoment& a, const LaneMoment& b) {
              return a.position < b.position;
            });
}

size_t MomentAt(const LaneLayout& layout, Position position) {
  return std::lower_bound(layout.moments.begin(), layout.moments.end(),
                          position,
                          [](const LaneMoment& moment, Position wanted) {
                            return moment.position < wanted;
                          }) -
         layout.moments.begin();
}

}  // namespace

LaneLayout LayOutLanes(const History& history, const Lanes& lanes) {
  LaneLayout layout;
  std::vector<ValueId> processes;
  for (OpIndex op : lanes.operations) {
    LaneBar bar;
    bar.op = op;
    bar.lane = LaneOf(history, op, processes, layout);
    bar.label = Printable(history::OperationText(history, op, kWideValue));
    bar.is_culprit = lanes.culprit == op;
    bar.is_open = history.return_position(op) == kNever;
    bar.is_dashed = bar.is_open || Contains(lanes.relaxed, op);
    layout.has_lines = layout.has_lines || history.call_line(op) > 0;
    layout.bars.push_back(std::move(bar));
  }
  AddMoments(history, layout);
  for (LaneBar& bar : layout.bars) {
    bar.first = MomentAt(layout, history.call(bar.op));
    bar.last = bar.is_open ? layout.moments.size()
                           : MomentAt(layout, history.completion(bar.op));
  }
  return layout;
}

std::vector<size_t> LaneColumns(const LaneLayout& layout) {
  std::vector<size_t> columns(layout.moments.size() + 1, 0);
  for (size_t m = 0; m < columns.size(); ++m) {
    if (m > 0) {
      const size_t number = Width(absl::StrCat(layout.moments[m - 1].line));
      columns[m] = columns[m - 1] + number + 1;
    }
    for (const LaneBar& bar : layout.bars) {
      size_t least = 0;
      if (bar.last == m) {
        // A dash at least shows that a bar is dashed.
        least = columns[bar.first] + Width(bar.label) + kBarEnds +
                (bar.is_dashed ? 2 : 0);
      } else if (bar.is_culprit && bar.last + 1 == m) {
        least = columns[bar.last] + kCrossColumns + 1;
      }
      columns[m] = std::max(columns[m], least);
    }
  }
  return columns;
}

}  // namespace minos::report

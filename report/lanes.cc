#include "report/lanes.h"

#include <algorithm>
#include <cstdint>

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
constexpr size_t kNarrowestLane = 12;
constexpr std::string_view kCross = "✗";

// One operation of the picture.
struct Bar {
  OpIndex op = 0;
  size_t lane = 0;
  std::string label;
  bool is_culprit = false;
  bool is_open = false;    // it never returned
  bool is_dashed = false;  // it may or may not have happened
  size_t first = 0;        // its call, as an index into the moments
  size_t last = 0;         // its return; the last moment if it is open
};

// A call or a return.
struct Moment {
  Position position = 0;
  uint64_t line = 0;
};

struct Picture {
  std::vector<std::string> lanes;  // their names
  std::vector<Bar> bars;           // in the order of the calls
  std::vector<Moment> moments;     // in the order of time
  bool has_lines = false;          // else `line` counts events
};

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
              std::vector<ValueId>& processes, Picture& picture) {
  const ValueId process = history.process(op);
  const auto found = std::find(processes.begin(), processes.end(), process);
  const size_t lane = found - processes.begin();
  if (found == processes.end()) {
    processes.push_back(process);
    picture.lanes.push_back(ProcessName(history, process));
  }
  if (history.return_position(op) == kNever) {
    processes[lane] = history::kNoValue;
  }
  return lane;
}

void AddMoments(const History& history, Picture& picture) {
  for (const Bar& bar : picture.bars) {
    const Position call = history.call(bar.op);
    picture.moments.push_back(
        {call, picture.has_lines ? history.call_line(bar.op) : call});
    if (bar.is_open) continue;
    const Position end = history.completion(bar.op);
    picture.moments.push_back(
        {end, picture.has_lines ? history.completion_line(bar.op) : end});
  }
  std::sort(
      picture.moments.begin(), picture.moments.end(),
      [](const Moment& a, const Moment& b) { return a.position < b.position; });
}

size_t MomentAt(const Picture& picture, Position position) {
  return std::lower_bound(picture.moments.begin(), picture.moments.end(),
                          position,
                          [](const Moment& moment, Position wanted) {
                            return moment.position < wanted;
                          }) -
         picture.moments.begin();
}

Picture MakePicture(const History& history, const Lanes& lanes) {
  Picture picture;
  std::vector<ValueId> processes;
  for (OpIndex op : lanes.operations) {
    Bar bar;
    bar.op = op;
    bar.lane = LaneOf(history, op, processes, picture);
    bar.label = Printable(history::OperationText(history, op, kWideValue));
    bar.is_culprit = lanes.culprit == op;
    bar.is_open = history.return_position(op) == kNever;
    bar.is_dashed = bar.is_open || Contains(lanes.relaxed, op);
    picture.has_lines = picture.has_lines || history.call_line(op) > 0;
    picture.bars.push_back(std::move(bar));
  }
  AddMoments(history, picture);
  for (Bar& bar : picture.bars) {
    bar.first = MomentAt(picture, history.call(bar.op));
    bar.last = bar.is_open ? picture.moments.size()
                           : MomentAt(picture, history.completion(bar.op));
  }
  return picture;
}

std::string Repeated(std::string_view text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated.append(text);
  return repeated;
}

// What is at one end of a bar, next to its label: "├ " and " ┤".
constexpr size_t kBarEnds = 3;
// " ✗ " behind a bar.
constexpr size_t kCrossColumns = 3;

// The column of each moment, and behind them that of the end of time: as close
// together as the labels of the bars and the line numbers below them allow.
std::vector<size_t> Columns(const Picture& picture) {
  std::vector<size_t> columns(picture.moments.size() + 1, 0);
  for (size_t m = 0; m < columns.size(); ++m) {
    if (m > 0) {
      const size_t number = Width(absl::StrCat(picture.moments[m - 1].line));
      columns[m] = columns[m - 1] + number + 1;
    }
    for (const Bar& bar : picture.bars) {
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

// `columns` from the call's to the return's, which are part of it.
std::string BarText(const Bar& bar, size_t columns, const Style& style) {
  const size_t fill = columns - Width(bar.label) - kBarEnds - 1;
  const std::string end =
      Repeated(bar.is_dashed ? "┄" : "─", fill) + (bar.is_open ? ">" : "┤");
  const std::string label = bar.is_culprit ? style.Red(bar.label) : bar.label;
  std::string text = style.Dim("├") + " " + label + " " + style.Dim(end);
  if (bar.is_culprit) text.append(" ").append(style.Red(kCross));
  return text;
}

std::string LaneText(const Picture& picture, size_t lane,
                     const std::vector<size_t>& columns, const Style& style) {
  std::string text;
  size_t at = 0;
  for (const Bar& bar : picture.bars) {
    if (bar.lane != lane) continue;
    text.append(columns[bar.first] - at, ' ');
    const size_t taken = columns[bar.last] - columns[bar.first] + 1;
    text.append(BarText(bar, taken, style));
    at = columns[bar.last] + 1 + (bar.is_culprit ? kCrossColumns - 1 : 0);
  }
  return text;
}

std::string LineNumbers(const Picture& picture,
                        const std::vector<size_t>& columns) {
  std::string text;
  for (size_t m = 0; m < picture.moments.size(); ++m) {
    text.append(columns[m] - text.size(), ' ');
    absl::StrAppend(&text, picture.moments[m].line);
  }
  return text;
}

std::string DrawLeftToRight(const Picture& picture,
                            const std::vector<size_t>& columns, size_t indent,
                            size_t name_width, const Style& style) {
  const std::string margin(indent, ' ');
  std::string text;
  for (size_t lane = 0; lane < picture.lanes.size(); ++lane) {
    absl::StrAppend(&text, margin, Pad(picture.lanes[lane], name_width), "  ",
                    LaneText(picture, lane, columns, style), "\n");
  }
  const std::string numbers = LineNumbers(picture, columns);
  const std::string what = picture.has_lines ? "line" : "event";
  absl::StrAppend(&text, margin,
                  style.Dim(Pad(what, name_width) + "  " + numbers), "\n");
  return text;
}

// The mark of `bar` in the row of `moment`, and its label in the first.
std::string Cell(const Bar& bar, size_t moment, size_t width,
                 const Style& style) {
  if (moment == bar.last) return style.Dim("└") + std::string(width - 1, ' ');
  const std::string middle = bar.is_dashed ? "┆" : "│";
  if (moment != bar.first) {
    return style.Dim(middle) + std::string(width - 1, ' ');
  }
  const size_t room = width - 2 - (bar.is_culprit ? 2 : 0);
  const std::string label = Shorten(bar.label, room);
  const std::string padding(room - Width(label), ' ');
  if (!bar.is_culprit) return style.Dim("┌") + " " + label + padding;
  return style.Dim("┌") + " " + style.Red(label + " ✗") + padding;
}

std::string Row(const Picture& picture, size_t moment, size_t lane_width,
                const Style& style) {
  std::string row;
  for (size_t lane = 0; lane < picture.lanes.size(); ++lane) {
    std::string cell(lane_width, ' ');
    for (const Bar& bar : picture.bars) {
      if (bar.lane == lane && bar.first <= moment && moment <= bar.last) {
        cell = Cell(bar, moment, lane_width, style);
      }
    }
    row.append("  ").append(cell);
  }
  row.erase(row.find_last_not_of(' ') + 1);
  return row;
}

size_t LaneWidth(const Picture& picture, size_t room) {
  size_t widest = kNarrowestLane;
  for (const Bar& bar : picture.bars) {
    widest = std::max(widest, Width(bar.label) + 2 + (bar.is_culprit ? 2 : 0));
  }
  const size_t fair = room / picture.lanes.size();
  return std::min(widest, std::max(fair, kNarrowestLane + 2) - 2);
}

std::string DrawTopToBottom(const Picture& picture, size_t indent, size_t width,
                            const Style& style) {
  const std::string margin(indent, ' ');
  const std::string what = picture.has_lines ? "line" : "event";
  const size_t number_width =
      std::max(what.size(), Width(absl::StrCat(picture.moments.back().line)));
  const size_t used = indent + number_width;
  const size_t lane_width = LaneWidth(picture, width > used ? width - used : 0);
  std::string names;
  for (const std::string& name : picture.lanes) {
    names.append("  ").append(Pad(Shorten(name, lane_width), lane_width));
  }
  names.erase(names.find_last_not_of(' ') + 1);
  std::string text =
      absl::StrCat(margin, std::string(number_width - what.size(), ' '),
                   style.Dim(what + names), "\n");
  for (size_t m = 0; m < picture.moments.size(); ++m) {
    const std::string number = absl::StrCat(picture.moments[m].line);
    absl::StrAppend(
        &text, margin, std::string(number_width - number.size(), ' '),
        style.Dim(number), Row(picture, m, lane_width, style), "\n");
  }
  return text;
}

}  // namespace

std::string DrawLanes(const History& history, const Lanes& lanes, size_t indent,
                      size_t width, const Style& style) {
  if (lanes.operations.empty()) return "";
  const Picture picture = MakePicture(history, lanes);
  const std::vector<size_t> columns = Columns(picture);
  size_t name_width = 0;
  for (const std::string& name : picture.lanes) {
    name_width = std::max(name_width, Width(name));
  }
  const size_t needed =
      indent + name_width + 2 + columns.back() + kCrossColumns;
  if (needed <= width) {
    return DrawLeftToRight(picture, columns, indent, name_width, style);
  }
  return DrawTopToBottom(picture, indent, width, style);
}

}  // namespace minos::report

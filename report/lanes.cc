#include "report/lanes.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "report/lane_layout.h"
#include "report/words.h"

namespace minos::report {
namespace {

using history::History;

constexpr size_t kNarrowestLane = 12;
constexpr std::string_view kCross = "✗";

std::string Repeated(std::string_view text, size_t times) {
  std::string repeated;
  for (size_t i = 0; i < times; ++i) repeated.append(text);
  return repeated;
}

// `columns` from the call's to the return's, which are part of it.
std::string BarText(const LaneBar& bar, size_t columns, const Style& style) {
  const size_t fill = columns - Width(bar.label) - kBarEnds - 1;
  const std::string end =
      Repeated(bar.is_dashed ? "┄" : "─", fill) + (bar.is_open ? ">" : "┤");
  const std::string label = bar.is_culprit ? style.Red(bar.label) : bar.label;
  std::string text = style.Dim("├") + " " + label + " " + style.Dim(end);
  if (bar.is_culprit) text.append(" ").append(style.Red(kCross));
  return text;
}

std::string LaneText(const LaneLayout& picture, size_t lane,
                     const std::vector<size_t>& columns, const Style& style) {
  std::string text;
  size_t at = 0;
  for (const LaneBar& bar : picture.bars) {
    if (bar.lane != lane) continue;
    text.append(columns[bar.first] - at, ' ');
    const size_t taken = columns[bar.last] - columns[bar.first] + 1;
    text.append(BarText(bar, taken, style));
    at = columns[bar.last] + 1 + (bar.is_culprit ? kCrossColumns - 1 : 0);
  }
  return text;
}

std::string LineNumbers(const LaneLayout& picture,
                        const std::vector<size_t>& columns) {
  std::string text;
  for (size_t m = 0; m < picture.moments.size(); ++m) {
    text.append(columns[m] - text.size(), ' ');
    absl::StrAppend(&text, picture.moments[m].line);
  }
  return text;
}

std::string DrawLeftToRight(const LaneLayout& picture,
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
std::string Cell(const LaneBar& bar, size_t moment, size_t width,
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

std::string Row(const LaneLayout& picture, size_t moment, size_t lane_width,
                const Style& style) {
  std::string row;
  for (size_t lane = 0; lane < picture.lanes.size(); ++lane) {
    std::string cell(lane_width, ' ');
    for (const LaneBar& bar : picture.bars) {
      if (bar.lane == lane && bar.first <= moment && moment <= bar.last) {
        cell = Cell(bar, moment, lane_width, style);
      }
    }
    row.append("  ").append(cell);
  }
  row.erase(row.find_last_not_of(' ') + 1);
  return row;
}

size_t LaneWidth(const LaneLayout& picture, size_t room) {
  size_t widest = kNarrowestLane;
  for (const LaneBar& bar : picture.bars) {
    widest = std::max(widest, Width(bar.label) + 2 + (bar.is_culprit ? 2 : 0));
  }
  const size_t fair = room / picture.lanes.size();
  return std::min(widest, std::max(fair, kNarrowestLane + 2) - 2);
}

std::string DrawTopToBottom(const LaneLayout& picture, size_t indent,
                            size_t width, const Style& style) {
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
  const LaneLayout picture = LayOutLanes(history, lanes);
  const std::vector<size_t> columns = LaneColumns(picture);
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

#include "report/lanes_svg.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "history/operation_text.h"
#include "report/lane_layout.h"
#include "report/words.h"
#include "report/xml.h"

namespace minos::report {
namespace {

using history::History;

// In pixels. A column holds one character of the labels' font.
constexpr size_t kColumn = 8;
constexpr size_t kRow = 34;
constexpr size_t kBarHeight = 22;
constexpr size_t kTextDrop = 15;  // of a baseline below the top of its bar
constexpr size_t kGap = 16;       // between the names and the bars

// The whole picture: where it starts, and how large it is.
struct Frame {
  std::vector<size_t> columns;
  size_t left = 0;  // where the first column stands
  size_t width = 0;
  size_t height = 0;

  size_t X(size_t moment) const { return left + columns[moment] * kColumn; }
};

Frame MakeFrame(const LaneLayout& layout) {
  Frame frame;
  size_t names = 0;
  for (const std::string& name : layout.lanes) {
    names = std::max(names, Width(name));
  }
  frame.columns = LaneColumns(layout);
  frame.left = names * kColumn + kGap;
  frame.width = frame.X(frame.columns.size() - 1) + 4 * kColumn;
  frame.height = (layout.lanes.size() + 1) * kRow;
  return frame;
}

std::string TextElement(std::string_view kind, size_t x, size_t y,
                        std::string_view text) {
  return absl::StrCat("<text class=\"", std::string(kind), "\" x=\"", x,
                      "\" y=\"", y, "\">", EscapeXml(text), "</text>\n");
}

std::string LaneNames(const LaneLayout& layout, const Frame& frame) {
  std::string svg;
  for (size_t lane = 0; lane < layout.lanes.size(); ++lane) {
    const size_t top = lane * kRow;
    absl::StrAppend(
        &svg, "<line class=\"lane\" x1=\"", frame.left, "\" x2=\"", frame.width,
        "\" y1=\"", top + kBarHeight / 2, "\" y2=\"", top + kBarHeight / 2,
        "\"/>\n", TextElement("label", 0, top + kTextDrop, layout.lanes[lane]));
  }
  return svg;
}

std::string BarSvg(const History& history, const LaneBar& bar,
                   const Frame& frame) {
  std::string kind = "bar";
  if (bar.is_dashed) kind.append(" maybe");
  if (bar.is_culprit) kind.append(" culprit");
  const size_t left = frame.X(bar.first);
  const size_t right = frame.X(bar.last) + (bar.is_open ? 2 * kColumn : 0);
  const size_t top = bar.lane * kRow;
  const std::string title =
      absl::StrCat(history::OperationText(history, bar.op), "\n",
                   history::OperationPlace(history, bar.op));
  return absl::StrCat(
      "<g class=\"", kind, "\"><title>", EscapeXml(title),
      "</title><rect rx=\"4\" x=\"", left, "\" y=\"", top, "\" width=\"",
      right - left, "\" height=\"", kBarHeight, "\"/>",
      TextElement("label", left + kColumn, top + kTextDrop,
                  bar.is_culprit ? bar.label + " ✗" : bar.label),
      "</g>\n");
}

std::string LineNumbers(const LaneLayout& layout, const Frame& frame) {
  const size_t y = layout.lanes.size() * kRow + kTextDrop;
  std::string svg =
      TextElement("moment", 0, y, layout.has_lines ? "line" : "event");
  for (size_t m = 0; m < layout.moments.size(); ++m) {
    svg.append(TextElement("moment", frame.X(m), y,
                           absl::StrCat(layout.moments[m].line)));
  }
  return svg;
}

}  // namespace

std::string LanesSvg(const History& history, const Lanes& lanes) {
  if (lanes.operations.empty()) return "";
  const LaneLayout layout = LayOutLanes(history, lanes);
  const Frame frame = MakeFrame(layout);
  std::string svg =
      absl::StrCat("<svg role=\"img\" width=\"", frame.width, "\" height=\"",
                   frame.height, "\" viewBox=\"0 -2 ", frame.width, " ",
                   frame.height, "\">\n", LaneNames(layout, frame));
  for (const LaneBar& bar : layout.bars) {
    svg.append(BarSvg(history, bar, frame));
  }
  return absl::StrCat(svg, LineNumbers(layout, frame), "</svg>\n");
}

}  // namespace minos::report

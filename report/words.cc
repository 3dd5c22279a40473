#include "report/words.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "history/value.h"
#include "history/value_text.h"

namespace minos::report {
namespace {

constexpr size_t kLongestKey = 60;

bool StartsCharacter(char c) { return (c & 0xC0) != 0x80; }

std::string WithSeparators(size_t n) {
  std::string digits = absl::StrCat(n);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&printable, "\\x%02x", byte);
    } else {
      printable.push_back(c);
    }
  }
  return printable;
}

size_t Width(std::string_view text) {
  size_t width = 0;
  for (const char c : text) width += StartsCharacter(c);
  return width;
}

std::string Pad(std::string_view text, size_t width) {
  std::string padded(text);
  const size_t used = Width(text);
  if (used < width) padded.append(width - used, ' ');
  return padded;
}

std::string Shorten(std::string_view text, size_t width) {
  if (Width(text) <= width) return std::string(text);
  size_t end = 0;
  for (size_t columns = 0; end < text.size(); ++end) {
    if (StartsCharacter(text[end]) && ++columns == width) break;
  }
  return std::string(text.substr(0, end)).append("…");
}

std::string Wrapped(std::string_view text, size_t indent, size_t width) {
  std::string lines;
  std::string line(indent, ' ');
  bool line_is_empty = true;
  while (!text.empty()) {
    const size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == text.npos ? text.size() : space + 1);
    if (!line_is_empty && Width(line) + 1 + Width(word) > width) {
      lines.append(line).append("\n");
      line.assign(indent, ' ');
      line_is_empty = true;
    }
    if (!line_is_empty) line.push_back(' ');
    line.append(word);
    line_is_empty = false;
  }
  return line_is_empty ? lines : lines.append(line).append("\n");
}

std::string Count(size_t n, std::string_view singular,
                  std::string_view plural) {
  std::string text = WithSeparators(n).append(" ");
  return text.append(n == 1 ? singular : plural);
}

std::string Seconds(double seconds) {
  if (seconds < 0.01) return absl::StrFormat("%.1f ms", seconds * 1e3);
  if (seconds < 1) return absl::StrFormat("%.0f ms", seconds * 1e3);
  if (seconds < 60) return absl::StrFormat("%.1f s", seconds);
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  return absl::StrFormat("%d min %d s", whole / 60, whole % 60);
}

std::string Title(const checker::CheckResult& check) {
  if (check.model.empty()) return check.consistency;
  return absl::StrCat(check.model, ", ", check.consistency);
}

std::string VerdictText(const checker::CheckResult& check) {
  std::string text(ToString(check.verdict));
  if (check.unknown) text.append(": ").append(ToString(check.unknown->reason));
  return text;
}

std::string EffortText(const checker::CheckResult& check) {
  std::string text = Count(check.operations, "operation", "operations");
  if (check.partitions > 1) {
    text.append(" in ").append(Count(check.partitions, "part", "parts"));
  }
  if (!check.algorithm.empty()) {
    text.append(", judged by ").append(check.algorithm);
  }
  return text.append(" in ").append(Seconds(check.seconds)).append(".");
}

std::string Gist(const history::History& history,
                 const checker::CheckResult& check) {
  if (!check.violations.empty()) {
    return SummaryText(history, check.violations.front());
  }
  return check.unknown ? Printable(check.unknown->progress) : "";
}

std::string SummaryText(const history::History& history,
                        const checker::Violation& violation) {
  std::string summary = Printable(violation.summary);
  if (violation.key == history::kNoValue) return summary;
  const std::string key =
      history::ToShortText(history.values(), violation.key, kLongestKey);
  return absl::StrCat("key ", Printable(key), ": ", summary);
}

std::vector<std::string> FurtherSentences(const checker::Violation& violation) {
  std::vector<std::string> further;
  for (const std::string& sentence : violation.sentences) {
    const bool is_in_cycle =
        std::any_of(violation.cycle.begin(), violation.cycle.end(),
                    [&](const checker::ProofEdge& edge) {
                      return edge.because == sentence;
                    });
    if (sentence != violation.summary && !is_in_cycle) {
      further.push_back(sentence);
    }
  }
  return further;
}

}  // namespace minos::report

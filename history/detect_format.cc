#include "history/detect_format.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace minos::history {
namespace {

// The first bytes of Jepsen's own binary file.
constexpr std::string_view kJepsenMagic = "JEPSEN";
constexpr std::string_view kBlanks = " \t\r\n,";
constexpr std::string_view kFormatHint =
    "known are jsonl, json, edn (history.edn), jepsen-log and history-txt; "
    "--input-format names one";

// `text` from its first byte that is neither blank nor in a comment of EDN.
std::string_view SkipBlank(std::string_view text) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (!text.starts_with(';')) return text;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
}

// What follows the JSON or EDN string at the start of `text`.
std::string_view AfterString(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return SkipBlank(text.substr(i + 1));
    }
  }
  return {};
}

// A JSON object has a colon after its first key, an EDN map has not.
bool IsJsonObject(std::string_view text) {
  const std::string_view inside = SkipBlank(text.substr(1));
  if (inside.starts_with('}')) return true;
  return inside.starts_with('"') && AfterString(inside).starts_with(':');
}

Format DetectBracketed(std::string_view text) {
  if (text.front() == '{') {
    return IsJsonObject(text) ? Format::kJsonLines : Format::kEdn;
  }
  if (text.front() != '[') return Format::kEdn;
  const std::string_view inside = SkipBlank(text.substr(1));
  if (inside.starts_with('{')) {
    return IsJsonObject(inside) ? Format::kJson : Format::kEdn;
  }
  const bool is_edn =
      !inside.empty() &&
      std::string_view("#(:;").find(inside.front()) != std::string_view::npos;
  return is_edn ? Format::kEdn : Format::kJson;
}

std::string_view TakeWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const size_t length = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, length);
  line.remove_prefix(length);
  return word;
}

bool IsHistoryTxt(std::string_view line) {
  TakeWord(line);
  const std::string_view type = TakeWord(line);
  return type == ":invoke" || type == ":ok" || type == ":fail" ||
         type == ":info";
}

bool IsJepsenLog(std::string_view line) {
  if (line.find("jepsen.util") != std::string_view::npos) return true;
  const std::string_view level = TakeWord(line);
  return level == "INFO" || level == "WARN" || level == "ERROR" ||
         level == "DEBUG";
}

bool IsBinary(std::string_view head) {
  return std::any_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && !std::isspace(byte);
  });
}

std::nullopt_t Complain(Problem& problem, std::string code, std::string message,
                        std::string hint) {
  problem = {Severity::kError,
             std::move(code),
             {1, 1},
             std::move(message),
             std::move(hint)};
  return std::nullopt;
}

}  // namespace

std::optional<Format> DetectFormat(std::string_view head, Problem& problem) {
  if (head.starts_with(kJepsenMagic)) {
    return Complain(problem, "binary",
                    "this is Jepsen's binary file `test.jepsen`",
                    "read the `history.edn` that stands beside it");
  }
  const std::string_view text = SkipBlank(head);
  if (text.empty()) {
    return Complain(problem, "empty", "the recording is empty",
                    "was anything recorded?");
  }
  if (std::string_view("{[(#").find(text.front()) != std::string_view::npos) {
    return DetectBracketed(text);
  }
  const std::string_view line = text.substr(0, text.find('\n'));
  if (IsHistoryTxt(line)) return Format::kHistoryTxt;
  if (IsJepsenLog(line)) return Format::kJepsenLog;
  if (IsBinary(head)) {
    return Complain(problem, "binary", "the file is binary, not text",
                    std::string(kFormatHint));
  }
  return Complain(problem, "unknown-format", "the file is in no known format",
                  std::string(kFormatHint));
}

}  // namespace minos::history

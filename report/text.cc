#include "report/text.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "report/result.h"
#include "report/violation_text.h"
#include "report/words.h"

namespace minos::report {
namespace {

using checker::CheckResult;
using checker::Verdict;

constexpr size_t kPageWidth = 100;
constexpr size_t kIndent = 2;
// Of several files, in full.
constexpr size_t kMostExplained = 3;
// Of one check, in full.
constexpr size_t kMostViolations = 3;
constexpr size_t kMostWarnings = 3;

std::string Colored(Finding finding, std::string_view text,
                    const Style& style) {
  switch (finding) {
    case Finding::kValid:
      return style.Green(text);
    case Finding::kUnknown:
      return style.Yellow(text);
    case Finding::kError:
    case Finding::kViolation:
      return style.Red(text);
  }
  return std::string(text);
}

// "violated: linearizable, sequential", or nothing if no check has `verdict`.
std::string ChecksWith(Verdict verdict, std::string_view label,
                       const std::vector<CheckResult>& checks) {
  std::string text;
  for (const CheckResult& check : checks) {
    if (check.verdict != verdict) continue;
    text.append(text.empty() ? "" : ", ").append(check.consistency);
    if (check.unknown) {
      absl::StrAppend(&text, " (", std::string(ToString(check.unknown->reason)),
                      ")");
    }
  }
  return text.empty() ? text : std::string(label).append(": ").append(text);
}

// What was judged: "register, linearizable"; for several checks, which of them
// got which verdict.
std::string WhatWasJudged(const std::vector<CheckResult>& checks) {
  if (checks.size() == 1) return Title(checks.front());
  std::string text = checks.empty() ? "" : checks.front().model;
  for (const auto& [verdict, label] :
       {std::pair(Verdict::kViolation, "violated"),
        std::pair(Verdict::kUnknown, "unknown"),
        std::pair(Verdict::kValid, "holds")}) {
    const std::string part = ChecksWith(verdict, label, checks);
    if (part.empty()) continue;
    text.append(text.empty() ? "" : "; ").append(part);
  }
  return text;
}

std::string VerdictLine(const FileResult& result, const Style& style) {
  const std::string file =
      result.file == "-" ? "standard input" : Printable(result.file);
  if (result.verdict == nullptr) {
    return absl::StrCat(file, ": ", Colored(result.finding, "error", style),
                        " (", Printable(result.error), ")\n");
  }
  const auto& checks = result.verdict->checks;
  const std::string word = checks.size() == 1
                               ? VerdictText(checks.front())
                               : std::string(ToString(result.finding));
  return absl::StrCat(file, ": ", Colored(result.finding, word, style), " (",
                      WhatWasJudged(checks), ")\n");
}

std::string UnknownText(const checker::Unknown& unknown) {
  std::string text = Wrapped(Printable(unknown.progress), kIndent, kPageWidth);
  text.append(Wrapped(Printable(unknown.advice), kIndent, kPageWidth));
  return text;
}

std::string ViolationsText(const history::History& history,
                           const CheckResult& check, const Style& style) {
  std::string text;
  for (size_t i = 0; i < check.violations.size(); ++i) {
    if (i == kMostViolations) {
      const size_t left = check.violations.size() - i;
      absl::StrAppend(&text, "\n  … and ",
                      Count(left, "more violation", "more violations"),
                      "; --format json has all.\n");
      break;
    }
    if (i > 0) text.append("\n");
    text.append(ViolationText(history, check.violations[i], style));
  }
  return text;
}

std::string CheckText(const FileResult& result, const CheckResult& check,
                      const Style& style) {
  std::string text;
  if (check.unknown) text.append(UnknownText(*check.unknown));
  if (!check.violations.empty()) {
    text.append(ViolationsText(*result.history, check, style)).append("\n");
  }
  for (const std::string& note : check.notes) {
    text.append(Wrapped("Note: " + Printable(note), kIndent, kPageWidth));
  }
  return text.append(style.Dim(std::string(kIndent, ' ') + EffortText(check)))
      .append("\n");
}

std::string WarningsText(const FileResult& result) {
  std::string text;
  size_t shown = 0;
  for (const history::Problem& problem : result.problems) {
    if (problem.severity != history::Severity::kWarning) continue;
    if (shown++ == kMostWarnings) {
      text.append("  … and more; `minos validate` lists them all.\n");
      break;
    }
    text.append(Wrapped(absl::StrCat("Warning: line ", problem.position.line,
                                     ": ", Printable(problem.message)),
                        kIndent, kPageWidth));
  }
  return text;
}

// All that is known of one file, behind its verdict line.
std::string DetailText(const FileResult& result, const Style& style) {
  if (result.verdict == nullptr) return "";
  std::string text;
  const auto& checks = result.verdict->checks;
  for (const CheckResult& check : checks) {
    if (!check.violations.empty() || checks.size() > 1) text.append("\n");
    if (checks.size() > 1) {
      absl::StrAppend(
          &text, style.Bold(Title(check)), ": ",
          Colored(FindingOf(check.verdict), VerdictText(check), style), "\n");
    }
    text.append(CheckText(result, check, style));
  }
  for (const std::string& note : result.verdict->notes) {
    text.append(Wrapped("Note: " + Printable(note), kIndent, kPageWidth));
  }
  return text.append(WarningsText(result));
}

// The gist of a file among several, in a line or two.
std::string GistText(const FileResult& result) {
  if (result.verdict == nullptr) return "";
  for (const CheckResult& check : result.verdict->checks) {
    const std::string gist = Gist(*result.history, check);
    if (FindingOf(check.verdict) == result.finding && !gist.empty()) {
      return Wrapped(gist, kIndent + 2, kPageWidth);
    }
  }
  return "";
}

class TextRenderer final : public Renderer {
 public:
  explicit TextRenderer(const RenderOptions& options) : options_(options) {}

  std::string Add(const FileResult& result) override {
    tally_.Count(result.finding);
    std::string text = VerdictLine(result, options_.style);
    if (options_.quiet) return text;
    if (!options_.several) {
      return text.append(DetailText(result, options_.style));
    }
    if (result.finding == Finding::kViolation &&
        tally_.violation <= kMostExplained) {
      absl::StrAppend(&details_, "\n", text,
                      DetailText(result, options_.style));
    }
    return text.append(options_.style.Dim(GistText(result)));
  }

  std::string Finish() override {
    if (options_.quiet || !options_.several) return "";
    std::string text = details_;
    if (tally_.violation > kMostExplained) {
      absl::StrAppend(
          &text, "\n",
          Count(tally_.violation - kMostExplained, "more file", "more files"),
          " with violations: `minos check FILE` explains one, --format json "
          "all.\n");
    }
    return absl::StrCat(text, "\n", TallyText());
  }

 private:
  std::string TallyText() const {
    std::string text = Count(tally_.total(), "file", "files") + ":";
    std::string_view separator = " ";
    for (const auto& [n, finding] :
         {std::pair(tally_.violation, Finding::kViolation),
          std::pair(tally_.error, Finding::kError),
          std::pair(tally_.unknown, Finding::kUnknown),
          std::pair(tally_.valid, Finding::kValid)}) {
      if (n == 0) continue;
      text.append(separator).append(
          Colored(finding, absl::StrCat(n, " ", std::string(ToString(finding))),
                  options_.style));
      separator = ", ";
    }
    return text.append("\n");
  }

  RenderOptions options_;
  Tally tally_;
  std::string details_;
};

}  // namespace

std::unique_ptr<Renderer> MakeTextRenderer(const RenderOptions& options) {
  return std::make_unique<TextRenderer>(options);
}

}  // namespace minos::report

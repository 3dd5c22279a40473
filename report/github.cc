#include "report/github.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "report/result.h"
#include "report/witnesses.h"
#include "report/words.h"

namespace minos::report {
namespace {

using checker::CheckResult;

// `text` for the part behind `::`, or for a property in front of it.
std::string Escape(std::string_view text, bool is_property) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%') {
      escaped.append("%25");
    } else if (c == '\n') {
      escaped.append("%0A");
    } else if (c == '\r') {
      escaped.append("%0D");
    } else if (is_property && c == ':') {
      escaped.append("%3A");
    } else if (is_property && c == ',') {
      escaped.append("%2C");
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

std::string Annotation(std::string_view level, const std::string& file,
                       uint32_t line, const std::string& title,
                       const std::string& message) {
  std::string text =
      absl::StrCat("::", std::string(level), " file=", Escape(file, true));
  if (line > 0) absl::StrAppend(&text, ",line=", line);
  return absl::StrCat(text, ",title=", Escape(title, true),
                      "::", Escape(message, false), "\n");
}

std::string Sentences(const std::string& first,
                      const std::vector<std::string>& more) {
  std::string text = first;
  for (const std::string& sentence : more) {
    if (sentence != first) absl::StrAppend(&text, "\n", Printable(sentence));
  }
  return text;
}

class GitHubRenderer final : public Renderer {
 public:
  explicit GitHubRenderer(const RenderOptions& options) : options_(options) {}

  std::string Add(const FileResult& result) override {
    std::string text =
        absl::StrCat(Printable(result.file), ": ",
                     std::string(ToString(result.finding)), "\n");
    if (result.verdict == nullptr) {
      return text.append(Annotation("error", result.file, ErrorLine(result),
                                    "minos: error",
                                    Sentences(result.error, {result.hint})));
    }
    for (const CheckResult& check : result.verdict->checks) {
      text.append(CheckAnnotations(result, check));
    }
    return text;
  }

  std::string Finish() override { return ""; }

 private:
  static uint32_t ErrorLine(const FileResult& result) {
    for (const history::Problem& problem : result.problems) {
      if (problem.severity == history::Severity::kError) {
        return problem.position.line;
      }
    }
    return 0;
  }

  std::string CheckAnnotations(const FileResult& result,
                               const CheckResult& check) const {
    const std::string title =
        absl::StrCat("minos: ", VerdictText(check), " (", Title(check), ")");
    std::string text;
    for (const checker::Violation& violation : check.violations) {
      const auto witness = MainWitness(violation);
      const uint32_t line = witness ? MainLine(*result.history, *witness) : 0;
      text.append(Annotation("error", result.file, line, title,
                             Sentences(SummaryText(*result.history, violation),
                                       violation.sentences)));
    }
    if (check.unknown) {
      text.append(Annotation(
          options_.forgives_unknown ? "notice" : "warning", result.file, 0,
          title, Sentences(check.unknown->progress, {check.unknown->advice})));
    }
    return text;
  }

  RenderOptions options_;
};

}  // namespace

std::unique_ptr<Renderer> MakeGitHubRenderer(const RenderOptions& options) {
  return std::make_unique<GitHubRenderer>(options);
}

}  // namespace minos::report

#include "report/junit.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "report/result.h"
#include "report/violation_text.h"
#include "report/words.h"
#include "report/xml.h"

namespace minos::report {
namespace {

using checker::CheckResult;
using checker::Verdict;

// How many cases ended how.
struct Counts {
  size_t tests = 0;
  size_t failures = 0;
  size_t errors = 0;
  size_t skipped = 0;
  double seconds = 0;

  void Add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
  }

  std::string Attributes() const {
    return absl::StrFormat(
        "tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" "
        "time=\"%.6f\"",
        tests, failures, errors, skipped, seconds);
  }
};

std::string Element(const std::string& name, const std::string& type,
                    const std::string& message, const std::string& text) {
  return absl::StrCat("      <", name, " type=\"", EscapeXml(type),
                      "\" message=\"", EscapeXml(message), "\">",
                      EscapeXml(text), "</", name, ">\n");
}

std::string FailureText(const history::History& history,
                        const CheckResult& check) {
  std::string text = "\n";
  for (const checker::Violation& violation : check.violations) {
    text.append(ViolationText(history, violation, Style(false))).append("\n");
  }
  return text;
}

class JUnitRenderer final : public Renderer {
 public:
  explicit JUnitRenderer(const RenderOptions& options) : options_(options) {}

  std::string Add(const FileResult& result) override {
    Counts counts;
    std::string cases;
    if (result.verdict == nullptr) {
      ++counts.tests;
      ++counts.errors;
      cases = Case(result.file, "reading", 0,
                   Element("error", "error", result.error, result.hint));
    } else {
      for (const CheckResult& check : result.verdict->checks) {
        cases.append(CheckCase(result, check, counts));
      }
    }
    total_.Add(counts);
    absl::StrAppend(&suites_, "  <testsuite name=\"", EscapeXml(result.file),
                    "\" ", counts.Attributes(), ">\n", cases,
                    "  </testsuite>\n");
    return "";
  }

  // The root element counts what stands in it, so it is written last.
  std::string Finish() override {
    return absl::StrCat(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
        "name=\"minos\" ",
        total_.Attributes(), ">\n", suites_, "</testsuites>\n");
  }

 private:
  static std::string Case(const std::string& file, const std::string& name,
                          double seconds, const std::string& outcome) {
    const std::string head = absl::StrFormat(
        "    <testcase classname=\"%s\" name=\"%s\" time=\"%.6f\"",
        EscapeXml(file), EscapeXml(name), seconds);
    if (outcome.empty()) return head + "/>\n";
    return absl::StrCat(head, ">\n", outcome, "    </testcase>\n");
  }

  std::string CheckCase(const FileResult& result, const CheckResult& check,
                        Counts& counts) const {
    ++counts.tests;
    counts.seconds += check.seconds;
    const std::string gist = Gist(*result.history, check);
    std::string outcome;
    if (check.verdict == Verdict::kViolation) {
      ++counts.failures;
      const std::string kind = check.violations.empty()
                                   ? "violation"
                                   : check.violations.front().kind;
      outcome =
          Element("failure", kind, gist, FailureText(*result.history, check));
    } else if (check.verdict == Verdict::kUnknown) {
      const std::string name = options_.forgives_unknown ? "skipped" : "error";
      (options_.forgives_unknown ? counts.skipped : counts.errors)++;
      outcome =
          Element(name, VerdictText(check), VerdictText(check) + ": " + gist,
                  check.unknown ? check.unknown->advice : "");
    }
    return Case(result.file, Title(check), check.seconds, outcome);
  }

  RenderOptions options_;
  Counts total_;
  std::string suites_;
};

}  // namespace

std::unique_ptr<Renderer> MakeJUnitRenderer(const RenderOptions& options) {
  return std::make_unique<JUnitRenderer>(options);
}

}  // namespace minos::report

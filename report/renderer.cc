#include "report/renderer.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "history/nearest_name.h"
#include "report/dot.h"
#include "report/github.h"
#include "report/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/sarif.h"
#include "report/tap.h"
#include "report/text.h"

namespace minos::report {
namespace {

constexpr FormatInfo kFormats[] = {
    {"text", "for people: the verdict, and why", MakeTextRenderer},
    {"json", "for programs: schema minos.result/1", MakeJsonRenderer},
    {"html", "for people: a page with pictures", MakeHtmlRenderer},
    {"junit", "for CI servers: JUnit XML", MakeJUnitRenderer},
    {"sarif", "for code scanning: SARIF 2.1.0", MakeSarifRenderer},
    {"github", "for GitHub Actions: annotations", MakeGitHubRenderer},
    {"dot", "for Graphviz: the operations that force each violation",
     MakeDotRenderer},
    {"tap", "for test harnesses: TAP 14", MakeTapRenderer},
};

}  // namespace

std::span<const FormatInfo> AllFormats() { return kFormats; }

absl::StatusOr<std::unique_ptr<Renderer>> MakeRenderer(
    std::string_view name, const RenderOptions& options) {
  std::vector<std::string_view> names;
  for (const FormatInfo& format : kFormats) {
    if (format.name == name) return format.make(options);
    names.push_back(format.name);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "there is no format `", std::string(name), "`; did you mean `",
      std::string(history::NearestName(name, names)), "`?"));
}

}  // namespace minos::report

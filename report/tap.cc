#include "report/tap.h"

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "report/quoted.h"
#include "report/result.h"
#include "report/words.h"

namespace minos::report {
namespace {

using checker::CheckResult;
using checker::Verdict;

// `#` and `\` have a meaning in a description.
std::string Description(std::string_view text) {
  std::string escaped;
  for (const char c : Printable(text)) {
    if (c == '#' || c == '\\') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

std::string Block(const std::vector<std::string>& lines) {
  std::string text = "  ---\n";
  for (const std::string& line : lines) {
    absl::StrAppend(&text, "  ", line, "\n");
  }
  return text.append("  ...\n");
}

class TapRenderer final : public Renderer {
 public:
  explicit TapRenderer(const RenderOptions& options) : options_(options) {}

  std::string Add(const FileResult& result) override {
    std::string text = Head();
    if (result.verdict == nullptr) {
      return text.append(Point(false, result.file, "reading", "")) +
             Block({"verdict: error", "message: " + Quoted(result.error),
                    "hint: " + Quoted(result.hint)});
    }
    for (const CheckResult& check : result.verdict->checks) {
      text.append(CheckPoint(result, check));
    }
    return text;
  }

  std::string Finish() override {
    return absl::StrCat(Head(), "1..", points_, "\n");
  }

 private:
  // The version, once.
  std::string Head() {
    if (has_head_) return "";
    has_head_ = true;
    return "TAP version 14\n";
  }

  std::string Point(bool is_ok, const std::string& file,
                    const std::string& what, const std::string& directive) {
    return absl::StrCat(is_ok ? "ok " : "not ok ", ++points_, " - ",
                        Description(file), ": ", Description(what), directive,
                        "\n");
  }

  std::string CheckPoint(const FileResult& result, const CheckResult& check) {
    if (check.verdict == Verdict::kValid) {
      return Point(true, result.file, Title(check), "");
    }
    const bool is_forgiven =
        check.verdict == Verdict::kUnknown && options_.forgives_unknown;
    std::vector<std::string> lines = {
        "verdict: " + std::string(ToString(check.verdict)),
        "message: " + Quoted(Gist(*result.history, check))};
    if (check.unknown) {
      lines.push_back("reason: " +
                      std::string(ToString(check.unknown->reason)));
      lines.push_back("advice: " + Quoted(check.unknown->advice));
    }
    return Point(is_forgiven, result.file, Title(check),
                 is_forgiven ? " # SKIP " + VerdictText(check) : "") +
           Block(lines);
  }

  RenderOptions options_;
  bool has_head_ = false;
  size_t points_ = 0;
};

}  // namespace

std::unique_ptr<Renderer> MakeTapRenderer(const RenderOptions& options) {
  return std::make_unique<TapRenderer>(options);
}

}  // namespace minos::report

#include "report/html.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "report/html_style.h"
#include "report/result.h"
#include "report/violation_html.h"
#include "report/words.h"
#include "report/xml.h"

namespace minos::report {
namespace {

using checker::CheckResult;

// Of one check, in full.
constexpr size_t kMostViolations = 50;
constexpr size_t kMostWarnings = 50;

std::string Badge(Finding finding, std::string_view text) {
  return absl::StrCat("<span class=\"badge ", std::string(ToString(finding)),
                      "\">", EscapeXml(text), "</span>");
}

std::string FileName(const FileResult& result) {
  return EscapeXml(result.file == "-" ? "standard input" : result.file);
}

std::string Paragraph(std::string_view kind, std::string_view text) {
  if (text.empty()) return "";
  return absl::StrCat("<p class=\"", std::string(kind), "\">", EscapeXml(text),
                      "</p>\n");
}

std::string CheckHtml(const FileResult& result, const CheckResult& check) {
  std::string html =
      absl::StrCat("<h3>", Badge(FindingOf(check.verdict), VerdictText(check)),
                   " ", EscapeXml(Title(check)), "</h3>\n",
                   Paragraph("faint", EffortText(check)));
  if (check.unknown) {
    html.append(Paragraph("", check.unknown->progress));
    html.append(Paragraph("", check.unknown->advice));
  }
  for (size_t i = 0; i < check.violations.size(); ++i) {
    if (i == kMostViolations) {
      absl::StrAppend(&html, "<p class=\"faint\">… and ",
                      Count(check.violations.size() - i, "more violation",
                            "more violations"),
                      "; the JSON report has all.</p>\n");
      break;
    }
    html.append(ViolationHtml(*result.history, check.violations[i]));
  }
  for (const std::string& note : check.notes) {
    html.append(Paragraph("faint", "Note: " + note));
  }
  return html;
}

std::string WarningsHtml(const FileResult& result) {
  std::string html;
  size_t shown = 0;
  for (const history::Problem& problem : result.problems) {
    if (problem.severity != history::Severity::kWarning) continue;
    if (shown++ == kMostWarnings) {
      html.append(
          Paragraph("faint", "… and more; `minos validate` lists them all."));
      break;
    }
    html.append(
        Paragraph("faint", absl::StrCat("Warning: line ", problem.position.line,
                                        ": ", problem.message)));
  }
  return html;
}

std::string OriginOf(const FileResult& result) {
  if (!result.run) return "";
  return absl::StrCat("Recorded from the store ", result.run->target, ", seed ",
                      result.run->seed, ".");
}

class HtmlRenderer final : public Renderer {
 public:
  std::string Add(const FileResult& result) override {
    tally_.Count(result.finding);
    const std::string anchor = absl::StrCat("file", tally_.total());
    absl::StrAppend(
        &rows_, "<tr><td>", Badge(result.finding, ToString(result.finding)),
        "</td><td><a href=\"#", anchor, "\">", FileName(result),
        "</a></td><td>",
        result.history == nullptr
            ? std::string()
            : Count(result.history->size(), "operation", "operations"),
        "</td></tr>\n");
    absl::StrAppend(&sections_, "<section id=\"", anchor, "\">\n<h2>",
                    FileName(result), "</h2>\n", Body(result), "</section>\n");
    return "";
  }

  // The page starts with the verdict on all files, so it is written last.
  std::string Finish() override {
    const std::string verdict(ToString(tally_.worst()));
    return absl::StrCat(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
        "charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width\">\n<title>minos: ",
        verdict, "</title>\n<style>", kHtmlStyle,
        "</style>\n</head>\n<body>\n<h1>minos: ",
        Badge(tally_.worst(), verdict), "</h1>\n<table>\n", rows_, "</table>\n",
        sections_, "</body>\n</html>\n");
  }

 private:
  static std::string Body(const FileResult& result) {
    std::string html = Paragraph("faint", OriginOf(result));
    if (result.verdict == nullptr) {
      return absl::StrCat(html, Paragraph("error", result.error),
                          Paragraph("", result.hint));
    }
    for (const CheckResult& check : result.verdict->checks) {
      html.append(CheckHtml(result, check));
    }
    for (const std::string& note : result.verdict->notes) {
      html.append(Paragraph("faint", "Note: " + note));
    }
    return html.append(WarningsHtml(result));
  }

  Tally tally_;
  std::string rows_;
  std::string sections_;
};

}  // namespace

std::unique_ptr<Renderer> MakeHtmlRenderer(const RenderOptions&) {
  return std::make_unique<HtmlRenderer>();
}

}  // namespace minos::report

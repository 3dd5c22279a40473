#include "report/violation_html.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "history/operation.h"
#include "history/operation_text.h"
#include "report/lanes.h"
#include "report/lanes_svg.h"
#include "report/witnesses.h"
#include "report/words.h"
#include "report/xml.h"

namespace minos::report {
namespace {

using checker::Impasse;
using checker::ProofEdge;
using checker::Violation;
using history::History;
using history::OpIndex;

// More would make a page that no browser scrolls; the rest is counted.
constexpr size_t kMostDrawn = 200;
constexpr size_t kMostListed = 1000;
constexpr size_t kMostImpasses = 20;

std::string OpCode(const History& history, OpIndex op) {
  return absl::StrCat("<code>", EscapeXml(history::OperationText(history, op)),
                      "</code> <span class=\"faint\">(",
                      EscapeXml(history::OperationPlace(history, op)),
                      ")</span>");
}

std::string MoreHtml(size_t n, std::string_view one, std::string_view many) {
  return absl::StrCat("<p class=\"faint\">… and ", Count(n, one, many),
                      "; the JSON report has all.</p>\n");
}

std::string PictureHtml(const History& history, const Violation& violation,
                        const std::vector<OpIndex>& operations) {
  Lanes lanes;
  const size_t drawn = std::min(operations.size(), kMostDrawn);
  lanes.operations.assign(operations.end() - drawn, operations.end());
  lanes.relaxed = violation.relaxed;
  lanes.culprit = violation.culprit;
  std::string html = absl::StrCat("<div class=\"picture\">",
                                  LanesSvg(history, lanes), "</div>\n");
  if (drawn < operations.size()) {
    html.append(MoreHtml(operations.size() - drawn, "earlier operation",
                         "earlier operations"));
  }
  return html;
}

// What the reader should know of `op`, besides what it did.
std::string RoleOf(const History& history, const Violation& violation,
                   OpIndex op) {
  if (violation.culprit == op) {
    return "when it returned, the violation was certain";
  }
  if (MayNotHaveHappened(history, violation, op)) {
    return "may have taken effect at any time after its call, or never; the "
           "violation does not depend on it";
  }
  return "";
}

std::string OperationTable(const History& history, const Violation& violation,
                           const std::vector<OpIndex>& operations) {
  std::string html =
      "<table><tr><th>operation</th><th>where</th><th></th>"
      "</tr>\n";
  const size_t listed = std::min(operations.size(), kMostListed);
  for (size_t i = operations.size() - listed; i < operations.size(); ++i) {
    const OpIndex op = operations[i];
    absl::StrAppend(
        &html, "<tr><td><code>", EscapeXml(history::OperationText(history, op)),
        "</code></td><td>", EscapeXml(history::OperationPlace(history, op)),
        "</td><td>", RoleOf(history, violation, op), "</td></tr>\n");
  }
  html.append("</table>\n");
  if (listed < operations.size()) {
    html.append(MoreHtml(operations.size() - listed, "earlier operation",
                         "earlier operations"));
  }
  return html;
}

std::string ImpasseHtml(const History& history, const Impasse& impasse) {
  std::string html =
      absl::StrCat("<li><strong>", EscapeXml(impasse.state), "</strong>");
  if (!impasse.path.empty()) {
    html.append(", after ");
    for (size_t i = 0; i < impasse.path.size(); ++i) {
      if (i > 0) html.append(", then ");
      html.append(OpCode(history, impasse.path[i]));
    }
  }
  html.append("<ul>\n");
  for (const checker::Refusal& refusal : impasse.refusals) {
    absl::StrAppend(&html, "<li>", OpCode(history, refusal.op),
                    " does not fit: ", EscapeXml(refusal.reason), "</li>\n");
  }
  return html.append("</ul></li>\n");
}

std::string ImpassesHtml(const History& history, const Violation& violation) {
  if (violation.impasses.empty()) return "";
  std::string html = "<h3>";
  if (violation.culprit) {
    absl::StrAppend(&html, "When ", OpCode(history, *violation.culprit),
                    " returned, this was possible, and nothing led on");
  } else {
    html.append("This was possible, and nothing led on");
  }
  html.append("</h3>\n<ul>\n");
  const size_t shown = std::min(violation.impasses.size(), kMostImpasses);
  for (size_t i = 0; i < shown; ++i) {
    html.append(ImpasseHtml(history, violation.impasses[i]));
  }
  html.append("</ul>\n");
  if (shown < violation.impasses.size()) {
    html.append(MoreHtml(violation.impasses.size() - shown, "state", "states"));
  }
  return html;
}

std::string CycleHtml(const History& history, const Violation& violation) {
  if (violation.cycle.empty()) return "";
  std::string html =
      "<h3>Each of these must come before the next, in a circle</h3>\n<ol>\n";
  for (const ProofEdge& edge : violation.cycle) {
    absl::StrAppend(&html, "<li>", OpCode(history, edge.from), " before ",
                    OpCode(history, edge.to), ": ", EscapeXml(edge.because),
                    " <span class=\"faint\">[", EscapeXml(edge.rule),
                    "]</span></li>\n");
  }
  return html.append("</ol>\n");
}

std::string SentencesHtml(const Violation& violation) {
  std::string html;
  for (const std::string& sentence : FurtherSentences(violation)) {
    absl::StrAppend(&html, "<p>", EscapeXml(sentence), "</p>\n");
  }
  return html;
}

}  // namespace

std::string ViolationHtml(const History& history, const Violation& violation) {
  const std::vector<OpIndex> operations = CoreOrWitnesses(violation);
  std::string html = absl::StrCat("<article>\n<p><strong>",
                                  EscapeXml(SummaryText(history, violation)),
                                  "</strong></p>\n");
  if (!operations.empty()) {
    html.append(PictureHtml(history, violation, operations));
    html.append(OperationTable(history, violation, operations));
  }
  return absl::StrCat(html, ImpassesHtml(history, violation),
                      CycleHtml(history, violation), SentencesHtml(violation),
                      "</article>\n");
}

}  // namespace minos::report

#include "report/violation_text.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "history/operation.h"
#include "history/operation_text.h"
#include "report/lanes.h"
#include "report/witnesses.h"
#include "report/words.h"

namespace minos::report {
namespace {

using checker::Impasse;
using checker::ProofEdge;
using checker::Violation;
using history::History;
using history::OpIndex;

constexpr size_t kPageWidth = 100;
constexpr size_t kIndent = 2;
// A picture of more would not be looked at; JSON and HTML have them all.
constexpr size_t kMostDrawn = 24;
constexpr size_t kMostImpasses = 4;
constexpr size_t kMostRefusals = 6;
constexpr size_t kMostPath = 6;

// "read → 3 (process 1, lines 12-15)".
std::string FullText(const History& history, OpIndex op) {
  return Printable(absl::StrCat(history::OperationText(history, op), " (",
                                history::OperationPlace(history, op), ")"));
}

std::string More(size_t n, std::string_view what_one,
                 std::string_view what_many, size_t indent) {
  return absl::StrCat(std::string(indent, ' '), "… and ",
                      Count(n, what_one, what_many), "\n");
}

// Leaves out of `lanes` what is too much for a picture, first what may or may
// not have happened. Says how much that is; nothing where all is drawn.
std::string LeaveOutWhatIsTooMuch(Lanes& lanes) {
  std::string text;
  const auto say = [&](size_t hidden, std::string_view one,
                       std::string_view many) {
    if (hidden == 0) return;
    absl::StrAppend(&text, text.empty() ? "" : " and ",
                    Count(hidden, one, many));
  };
  if (lanes.operations.size() > kMostDrawn) {
    const size_t doubtful = std::erase_if(lanes.operations, [&](OpIndex op) {
      return op != lanes.culprit &&
             std::find(lanes.relaxed.begin(), lanes.relaxed.end(), op) !=
                 lanes.relaxed.end();
    });
    lanes.relaxed.clear();
    say(doubtful, "operation that may or may not have happened",
        "operations that may or may not have happened");
  }
  if (lanes.operations.size() > kMostDrawn) {
    const size_t hidden = lanes.operations.size() - kMostDrawn;
    lanes.operations.erase(lanes.operations.begin(),
                           lanes.operations.begin() + hidden);
    say(hidden, "earlier operation", "earlier operations");
  }
  if (text.empty()) return text;
  return Wrapped(absl::StrCat("(", text, " not drawn; --format json has all)"),
                 kIndent, kPageWidth);
}

std::string PictureText(const History& history, const Violation& violation,
                        const Style& style) {
  Lanes lanes;
  lanes.operations = CoreOrWitnesses(violation);
  lanes.relaxed = violation.relaxed;
  lanes.culprit = violation.culprit;
  std::string text = LeaveOutWhatIsTooMuch(lanes);
  text.append(DrawLanes(history, lanes, kIndent, kPageWidth, style));
  const bool has_dashed =
      !lanes.relaxed.empty() ||
      std::any_of(lanes.operations.begin(), lanes.operations.end(),
                  [&](OpIndex op) {
                    return history.return_position(op) == history::kNever;
                  });
  if (has_dashed) {
    absl::StrAppend(
        &text, std::string(kIndent, ' '),
        style.Dim("┄ may have taken effect at any time after its call, or "
                  "never; the violation does not depend on it"),
        "\n");
  }
  return text;
}

std::string ImpasseText(const History& history, const Impasse& impasse,
                        const Style& style) {
  std::string text = Wrapped("• " + style.Bold(Printable(impasse.state)),
                             kIndent + 2, kPageWidth);
  if (!impasse.path.empty()) {
    std::string path = "after ";
    for (size_t i = 0; i < impasse.path.size() && i < kMostPath; ++i) {
      if (i > 0) path.append(", then ");
      path.append(FullText(history, impasse.path[i]));
    }
    if (impasse.path.size() > kMostPath) {
      absl::StrAppend(&path, ", and ", impasse.path.size() - kMostPath,
                      " more");
    }
    text.append(Wrapped(path, kIndent + 4, kPageWidth));
  }
  for (size_t i = 0; i < impasse.refusals.size() && i < kMostRefusals; ++i) {
    const checker::Refusal& refusal = impasse.refusals[i];
    text.append(
        Wrapped(absl::StrCat(FullText(history, refusal.op),
                             " does not fit: ", Printable(refusal.reason)),
                kIndent + 4, kPageWidth));
  }
  if (impasse.refusals.size() > kMostRefusals) {
    text.append(More(impasse.refusals.size() - kMostRefusals,
                     "more operation that does not fit",
                     "more operations that do not fit", kIndent + 4));
  }
  return text;
}

std::string ImpassesText(const History& history, const Violation& violation,
                         const Style& style) {
  if (violation.impasses.empty()) return "";
  const std::string when =
      violation.culprit
          ? absl::StrCat("When ", FullText(history, *violation.culprit),
                         " returned, this was possible, and nothing led on:")
          : std::string("This was possible, and nothing led on:");
  std::string text = "\n" + Wrapped(when, kIndent, kPageWidth);
  const size_t shown = std::min(violation.impasses.size(), kMostImpasses);
  for (size_t i = 0; i < shown; ++i) {
    text.append(ImpasseText(history, violation.impasses[i], style));
  }
  if (shown < violation.impasses.size()) {
    text.append(More(violation.impasses.size() - shown, "more state",
                     "more states", kIndent + 2));
  }
  return text;
}

std::string CycleText(const History& history, const Violation& violation,
                      const Style& style) {
  if (violation.cycle.empty()) return "";
  std::string text =
      "\n" +
      Wrapped("Each of these must come before the next, in a circle:", kIndent,
              kPageWidth);
  for (const ProofEdge& edge : violation.cycle) {
    text.append(
        Wrapped(absl::StrCat("• ", style.Bold(FullText(history, edge.from)),
                             " before ", FullText(history, edge.to), ": ",
                             Printable(edge.because), " [", edge.rule, "]"),
                kIndent + 2, kPageWidth));
  }
  return text;
}

std::string SentencesText(const Violation& violation) {
  std::string text;
  for (const std::string& sentence : FurtherSentences(violation)) {
    text.append(Wrapped(Printable(sentence), kIndent, kPageWidth));
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string ViolationText(const History& history, const Violation& violation,
                          const Style& style) {
  std::string text =
      Wrapped(SummaryText(history, violation), kIndent, kPageWidth);
  const std::string picture = PictureText(history, violation, style);
  if (!picture.empty()) text.append("\n").append(picture);
  text.append(ImpassesText(history, violation, style));
  text.append(CycleText(history, violation, style));
  text.append(SentencesText(violation));
  return text;
}

}  // namespace minos::report

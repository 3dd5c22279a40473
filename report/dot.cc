#include "report/dot.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "history/operation_text.h"
#include "report/quoted.h"
#include "report/result.h"
#include "report/witnesses.h"
#include "report/words.h"

namespace minos::report {
namespace {

using checker::CheckResult;
using checker::Violation;
using history::History;
using history::OpIndex;

// So many operations of a violation are drawn, the latest: what precedes what
// directly is found among triples of them, and nobody can read more.
constexpr size_t kMostDrawn = 200;

bool Precedes(const History& history, OpIndex a, OpIndex b) {
  return history.return_position(a) < history.call(b);
}

// Whether `a` precedes `b` and nothing of `ops` stands between them.
bool PrecedesDirectly(const History& history, const std::vector<OpIndex>& ops,
                      OpIndex a, OpIndex b) {
  return Precedes(history, a, b) &&
         std::none_of(ops.begin(), ops.end(), [&](OpIndex c) {
           return Precedes(history, a, c) && Precedes(history, c, b);
         });
}

bool IsDrawn(const std::vector<OpIndex>& ops, OpIndex op) {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

class DotRenderer final : public Renderer {
 public:
  std::string Add(const FileResult& result) override {
    std::string text = Head();
    text.append(Label(result));
    if (result.verdict == nullptr) return text;
    for (const CheckResult& check : result.verdict->checks) {
      for (const Violation& violation : check.violations) {
        text.append(Cluster(result, check, violation));
      }
    }
    return text;
  }

  std::string Finish() override { return Head() + "}\n"; }

 private:
  std::string Head() {
    if (has_head_) return "";
    has_head_ = true;
    return "digraph minos {\n  rankdir=LR;\n"
           "  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
           "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  }

  // A node without a border that says what was found about the file.
  std::string Label(const FileResult& result) {
    return absl::StrCat(
        "  file", files_++, " [shape=plaintext, label=",
        Quoted(result.file + ": " + std::string(ToString(result.finding))),
        "];\n");
  }

  std::string Node(OpIndex op) const {
    return absl::StrCat("v", clusters_, "_", op);
  }

  std::string Cluster(const FileResult& result, const CheckResult& check,
                      const Violation& violation) {
    const History& history = *result.history;
    std::vector<OpIndex> ops = AllWitnesses(violation);
    const size_t omitted = ops.size() - std::min(ops.size(), kMostDrawn);
    ops.erase(ops.begin(), ops.begin() + static_cast<ptrdiff_t>(omitted));
    std::string text =
        absl::StrCat("  subgraph cluster_", clusters_, " {\n    label=",
                     Quoted(absl::StrCat(result.file, "\n", Title(check), ": ",
                                         SummaryText(history, violation))),
                     ";\n");
    for (OpIndex op : ops) text.append(NodeText(history, violation, op));
    if (omitted > 0) {
      absl::StrAppend(&text, "    omitted", clusters_,
                      " [shape=plaintext, label=\"", omitted,
                      " earlier operations are not drawn\"];\n");
    }
    for (OpIndex a : ops) {
      for (OpIndex b : ops) {
        if (!PrecedesDirectly(history, ops, a, b)) continue;
        absl::StrAppend(&text, "    ", Node(a), " -> ", Node(b), ";\n");
      }
    }
    for (const checker::ProofEdge& edge : violation.cycle) {
      if (!IsDrawn(ops, edge.from) || !IsDrawn(ops, edge.to)) continue;
      absl::StrAppend(&text, "    ", Node(edge.from), " -> ", Node(edge.to),
                      " [color=red, fontcolor=red, penwidth=2, label=",
                      Quoted(edge.rule), "];\n");
    }
    ++clusters_;
    return text.append("  }\n");
  }

  std::string NodeText(const History& history, const Violation& violation,
                       OpIndex op) const {
    std::string attributes = absl::StrCat(
        "label=", Quoted(history::OperationText(history, op) + "\n" +
                         history::OperationPlace(history, op)));
    if (MayNotHaveHappened(history, violation, op)) {
      attributes.append(", style=\"rounded,dashed\"");
    }
    if (violation.culprit == op) {
      attributes.append(", color=red, fontcolor=red, penwidth=2");
    }
    return absl::StrCat("    ", Node(op), " [", attributes, "];\n");
  }

  bool has_head_ = false;
  size_t files_ = 0;
  size_t clusters_ = 0;
};

}  // namespace

std::unique_ptr<Renderer> MakeDotRenderer(const RenderOptions&) {
  return std::make_unique<DotRenderer>();
}

}  // namespace minos::report

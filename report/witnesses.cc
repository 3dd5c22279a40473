#include "report/witnesses.h"

#include <algorithm>

namespace minos::report {

using checker::Violation;
using history::OpIndex;

std::vector<OpIndex> AllWitnesses(const Violation& violation) {
  std::vector<OpIndex> ops = violation.core;
  if (violation.culprit) ops.push_back(*violation.culprit);
  for (const auto& impasse : violation.impasses) {
    ops.insert(ops.end(), impasse.path.begin(), impasse.path.end());
    for (const auto& refusal : impasse.refusals) ops.push_back(refusal.op);
  }
  for (const auto& edge : violation.cycle) {
    ops.push_back(edge.from);
    ops.push_back(edge.to);
  }
  std::sort(ops.begin(), ops.end());
  ops.erase(std::unique(ops.begin(), ops.end()), ops.end());
  return ops;
}

std::vector<OpIndex> CoreOrWitnesses(const Violation& violation) {
  return violation.core.empty() ? AllWitnesses(violation) : violation.core;
}

std::optional<OpIndex> MainWitness(const Violation& violation) {
  if (violation.culprit) return violation.culprit;
  const std::vector<OpIndex> ops = CoreOrWitnesses(violation);
  if (ops.empty()) return std::nullopt;
  return ops.back();
}

bool MayNotHaveHappened(const history::History& history,
                        const checker::Violation& violation,
                        history::OpIndex op) {
  return history.return_position(op) == history::kNever ||
         std::find(violation.relaxed.begin(), violation.relaxed.end(), op) !=
             violation.relaxed.end();
}

uint32_t MainLine(const history::History& history, OpIndex op) {
  const uint32_t line = history.completion_line(op);
  return line > 0 ? line : history.call_line(op);
}

}  // namespace minos::report

#include "checker/session_demands.h"

#include <algorithm>

#include "checker/update_order.h"

namespace minos::checker {

WritesBefore::WritesBefore(const SessionHistory& steps, RuleSet arbitration) {
  if (!Has(arbitration, kRealTimeArbitration) &&
      !Has(arbitration, kVersionArbitration)) {
    return;
  }
  ForEachArbitrated(steps, arbitration,
                    [&](Step before, Step after, OrderReason) {
                      pairs_.emplace_back(after, before);
                    });
  std::sort(pairs_.begin(), pairs_.end());
  begin_.assign(steps.size() + size_t{1}, 0);
  for (const auto& [after, before] : pairs_) ++begin_[after + 1];
  for (size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
}

std::span<const std::pair<Step, Step>> WritesBefore::Of(Step write) const {
  if (begin_.empty()) return {};
  return std::span(pairs_).subspan(begin_[write],
                                   begin_[write + 1] - begin_[write]);
}

}  // namespace minos::checker

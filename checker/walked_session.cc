#include "checker/walked_session.h"

#include <algorithm>

namespace minos::checker {

SessionDemands WalkedSession::Saturate(uint32_t session) {
  FindOwnReads(session);
  SessionDemands result;
  demanded_.clear();
  before_.clear();
  bool grew = true;
  while (grew && !budget_.Exhausted()) {
    grew = false;
    for (const Step read : reads_) {
      Walk(read);
      for (const Step update : seen_) {
        if (steps_.IsRead(update) || steps_.keys[update] != steps_.keys[read]) {
          continue;
        }
        const Step source = steps_.sources[read];
        if (source == kInitialStep && result.blind_read == kNoStep) {
          result.blind_read = read;
          result.seen_update = update;
        }
        if (!IsStep(source) || update == source) continue;
        if (!demanded_.emplace(update, source).second) continue;
        before_[source].push_back(update);
        result.demands.push_back({update, source, read});
        grew = true;
      }
    }
  }
  return result;
}

void WalkedSession::FindOwnReads(uint32_t session) {
  reads_.clear();
  for (Step step = 0; step < steps_.size(); ++step) {
    if (steps_.IsRead(step) && steps_.SessionOf(step) == session) {
      reads_.push_back(step);
    }
  }
}

void WalkedSession::Walk(Step start) {
  seen_.clear();
  marks_.clear();
  std::vector<Step> stack = {start};
  const auto push = [&](Step step) {
    if (marks_.insert(step).second) stack.push_back(step);
  };
  while (!stack.empty()) {
    const Step step = stack.back();
    stack.pop_back();
    if (step != start) seen_.push_back(step);
    if (step != steps_.chain_begin[steps_.chains[step]]) push(step - 1);
    if (steps_.IsRead(step) && IsStep(steps_.sources[step])) {
      push(steps_.sources[step]);
    }
    for (const Crossing& crossing : steps_.CrossingsTo(step)) {
      push(crossing.from);
    }
    for (const auto& [write, other] : given_.Of(step)) push(other);
    const auto demanded = before_.find(step);
    if (demanded == before_.end()) continue;
    for (const Step update : demanded->second) push(update);
  }
  std::sort(seen_.begin(), seen_.end());
}

}  // namespace minos::checker

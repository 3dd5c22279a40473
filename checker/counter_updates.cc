#include "checker/counter_updates.h"

#include <algorithm>
#include <tuple>

#include "checker/counter_pairs.h"
#include "history/operation.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNotAnUpdate = 0xFFFFFFFFu;

}  // namespace

CounterUpdates::CounterUpdates(const SessionHistory& steps) : steps_(steps) {
  NumberUpdates();
  ReadVersions();
}

void CounterUpdates::NumberUpdates() {
  for (Step step = 0; step < steps_.size(); ++step) {
    if (!steps_.IsRead(step)) steps_of_.push_back(step);
  }
  std::sort(steps_of_.begin(), steps_of_.end(), [&](Step a, Step b) {
    return std::tuple(steps_.end(a), steps_.call(a), a) <
           std::tuple(steps_.end(b), steps_.call(b), b);
  });
  numbers_.assign(steps_.size(), kNotAnUpdate);
  of_key_.resize(steps_.key_names.size());
  for (uint32_t i = 0; i < steps_of_.size(); ++i) {
    numbers_[steps_of_[i]] = i;
    of_key_[steps_.keys[steps_of_[i]]].push_back(i);
  }
}

void CounterUpdates::ReadVersions() {
  versions_ = CounterVersions(steps_);
  const bool has_any =
      std::any_of(versions_.begin(), versions_.end(),
                  [](int64_t version) { return version != kNoVersion; });
  if (!has_any) return versions_.clear();
  for (const std::vector<uint32_t>& updates : of_key_) {
    is_versioned_.push_back(EachHasItsOwnVersion(updates));
  }
}

bool CounterUpdates::EachHasItsOwnVersion(
    const std::vector<uint32_t>& updates) const {
  std::vector<int64_t> known;
  for (const uint32_t update : updates) {
    const Step step = steps_of_[update];
    if (versions_[step] != kNoVersion) {
      known.push_back(versions_[step]);
    } else if (steps_.history->outcome(steps_.operations[step]) ==
               history::Outcome::kOk) {
      return false;
    }
  }
  std::sort(known.begin(), known.end());
  return std::adjacent_find(known.begin(), known.end()) == known.end();
}

int64_t CounterUpdates::VersionOf(Step step) const {
  return has_versions() && is_versioned_[steps_.keys[step]] ? versions_[step]
                                                            : kNoVersion;
}

}  // namespace minos::checker

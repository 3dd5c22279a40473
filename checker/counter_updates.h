// The updates of counters, numbered in the order of their returns.

#ifndef MINOS_CHECKER_COUNTER_UPDATES_H_
#define MINOS_CHECKER_COUNTER_UPDATES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/session_history.h"

namespace minos::checker {

// Does not change once it is made; the history must live as long.
class CounterUpdates {
 public:
  // O(n log n).
  explicit CounterUpdates(const SessionHistory& steps);

  size_t size() const { return steps_of_.size(); }
  Step StepOf(uint32_t update) const { return steps_of_[update]; }
  int64_t Amount(uint32_t update) const {
    return steps_.amounts[steps_of_[update]];
  }
  // REQUIRES: `step` is an update.
  uint32_t NumberOf(Step step) const { return numbers_[step]; }
  // The updates of the key of `step`, in ascending order.
  std::span<const uint32_t> OfKeyOf(Step step) const {
    return of_key_[steps_.keys[step]];
  }

  // True if some step has a version.
  bool has_versions() const { return !versions_.empty(); }
  // The version of `step`; kNoVersion where it has none, and for all steps of a
  // key whose ok updates do not each have their own.
  int64_t VersionOf(Step step) const;

 private:
  void NumberUpdates();
  void ReadVersions();
  bool EachHasItsOwnVersion(const std::vector<uint32_t>& updates) const;

  const SessionHistory& steps_;
  std::vector<Step> steps_of_;                 // by number
  std::vector<uint32_t> numbers_;              // by step
  std::vector<std::vector<uint32_t>> of_key_;  // by key: numbers
  std::vector<int64_t> versions_;              // by step; empty without any
  std::vector<bool> is_versioned_;             // by key
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_COUNTER_UPDATES_H_

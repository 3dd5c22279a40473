#include "checker/counter_pairs.h"

#include <algorithm>

namespace minos::checker {

using history::History;
using history::kNoValue;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

bool IsIntegerPair(const ValueTable& values, ValueId value) {
  if (value == kNoValue || values.kind(value) != ValueKind::kList) return false;
  const auto parts = values.elements(value);
  return parts.size() == 2 && values.kind(parts[0]) == ValueKind::kInteger &&
         values.kind(parts[1]) == ValueKind::kInteger;
}

bool IsVersionedPair(const ValueTable& values, ValueId argument,
                     ValueId result) {
  return IsIntegerPair(values, result) &&
         values.elements(result)[0] != argument;
}

std::vector<bool> FindVersionedKeys(const History& history,
                                    const Partitioning& partitioning) {
  std::vector<bool> versioned;
  for (const Partition& partition : partitioning.partitions) {
    versioned.push_back(std::any_of(
        partition.operations.begin(), partition.operations.end(),
        [&](OpIndex op) {
          const Call call = CallOf(history, partitioning.keying, op);
          return call.is_ok &&
                 IsVersionedPair(history.values(), call.argument, call.result);
        }));
  }
  return versioned;
}

std::vector<int64_t> CounterVersions(const SessionHistory& steps) {
  const History& history = *steps.history;
  const ValueTable& values = history.values();
  std::vector<int64_t> versions(steps.size(), kNoVersion);
  std::vector<bool> versioned(steps.key_names.size(), false);
  const auto call_of = [&](Step step) {
    return CallOf(history, steps.keying, steps.operations[step]);
  };
  for (Step step = 0; step < steps.size(); ++step) {
    const Call call = call_of(step);
    if (call.is_ok && IsVersionedPair(values, call.argument, call.result)) {
      versioned[steps.keys[step]] = true;
    }
  }
  for (Step step = 0; step < steps.size(); ++step) {
    if (const auto recorded = VersionOf(steps, step)) {
      versions[step] = *recorded;
    } else if (versioned[steps.keys[step]]) {
      const Call call = call_of(step);
      if (!call.is_ok || !IsIntegerPair(values, call.result)) continue;
      versions[step] = values.integer(values.elements(call.result)[1]);
    }
  }
  return versions;
}

}  // namespace minos::checker

// Puts additions in an order in which the object allows each of them.

#ifndef MINOS_CHECKER_SETTLING_H_
#define MINOS_CHECKER_SETTLING_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "checker/sequential_model.h"

namespace minos::checker {

// An operation that is to be put in its place.
struct Unsettled {
  uint32_t code = 0;  // for whoever asks
  ActionId action = 0;
  uint32_t call_event = 0;
  uint32_t return_event = 0;
};

enum class Settled : uint8_t { kYes, kNo, kUnknown };

class Settling {
 public:
  explicit Settling(SequentialModel& model) : model_(model) {}

  // Is there an order of `operations`, containing real time, in which each
  // fits, from `state` on, and after which `last` fits (if it is not null)? If
  // so, they are put into that order and `state` becomes the one after `last`.
  // Unknown after an effort that depends on the arguments alone. Where the
  // order does not matter, O(operations). REQUIRES: no action has several
  // successors.
  Settled Settle(std::vector<Unsettled>& operations, const Unsettled* last,
                 StateId& state);

 private:
  bool Step(StateId from, ActionId action, StateId& to);
  bool Search(std::span<const Unsettled> operations, const Unsettled* last,
              uint64_t done, StateId state);
  static bool MayComeNext(std::span<const Unsettled> operations, size_t next,
                          uint64_t done);

  SequentialModel& model_;
  std::vector<StateId> successors_;
  // Of the search that is under way.
  std::vector<size_t> order_;
  StateId end_ = 0;
  size_t steps_ = 0;
  absl::flat_hash_set<std::pair<uint64_t, StateId>> failed_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SETTLING_H_

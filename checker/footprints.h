// What the operations of a timeline see and do (see Footprint), and who can
// bring about what another one needs to see.

#ifndef MINOS_CHECKER_FOOTPRINTS_H_
#define MINOS_CHECKER_FOOTPRINTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "checker/sequential_model.h"
#include "checker/timeline.h"
#include "history/hash.h"

namespace minos::checker {

// What holds a sum of several places together is one number: the sum of factor
// · value (modulo 2^64), with this odd factor. Equal values make equal numbers;
// the reverse is likely, and no more.
inline uint64_t PlaceFactor(uint32_t place) { return MixHash(place) | 1; }

class Footprints {
 public:
  // A value in a place, as a number from 0 on; `place` and `value` say which.
  struct Part {
    uint32_t place;
    uint32_t id;
    uint64_t value;
  };
  struct Addition {
    uint32_t place;
    uint64_t amount;
  };

  // Means nothing once `budget`, which may be null, is exhausted. O(n), and
  // O(places) an operation.
  Footprints(const Timeline& timeline, const SequentialModel& model,
             Budget* budget = nullptr);

  // False if the object has no places; then there is nothing to look ahead by.
  bool has_places() const { return has_places_; }
  // Whether every action fits wherever it sees what it says.
  bool says_all() const { return says_all_; }
  // Whether anything adds to places.
  bool has_additions() const { return !adds_.empty(); }
  std::span<const Part> SeesOf(ActionId action) const {
    return Range(sees_, ranges_[action].sees, ranges_[action + 1].sees);
  }
  std::span<const Part> SetsOf(ActionId action) const {
    return Range(sets_, ranges_[action].sets, ranges_[action + 1].sets);
  }
  std::span<const Addition> AddsOf(ActionId action) const {
    return Range(adds_, ranges_[action].adds, ranges_[action + 1].adds);
  }
  size_t part_count() const { return calls_.size(); }
  size_t place_count() const { return place_count_; }
  size_t action_count() const { return ranges_.size() - 1; }
  // The part of a value in a place, if an operation sees or sets it.
  std::optional<uint32_t> Find(uint32_t place, uint64_t value) const;
  // The calls of the operations that set a part, completed or info, in order.
  std::span<const uint32_t> CallsOf(uint32_t part) const {
    return calls_[part];
  }
  // The kinds of info operations that set a part.
  std::span<const uint32_t> CrashKindsOf(uint32_t part) const {
    return crashes_[part];
  }
  // Whether an operation that sets a part, completed or info, is called after
  // the event `begin` and before `end`. O(log n).
  bool IsCalledBetween(uint32_t part, uint32_t begin, uint32_t end) const;

  size_t MemoryBytes() const { return bytes_; }

 private:
  struct Offsets {
    uint32_t sees = 0;
    uint32_t sets = 0;
    uint32_t adds = 0;
  };

  template <typename T>
  static std::span<const T> Range(const std::vector<T>& all, size_t begin,
                                  size_t end) {
    return std::span(all).subspan(begin, end - begin);
  }
  Part PartOf(const Footprint::Part& part);
  void Add(const Footprint& footprint);
  void FindCalls(const Timeline& timeline, Budget* budget);
  void CountBytes();

  bool has_places_ = false;
  bool says_all_ = true;
  std::vector<Part> sees_;
  std::vector<Part> sets_;
  std::vector<Addition> adds_;
  std::vector<Offsets> ranges_;  // by action, and one more
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, uint32_t> ids_;
  std::vector<std::vector<uint32_t>> calls_;    // by part, ascending events
  std::vector<std::vector<uint32_t>> crashes_;  // by part: kinds
  size_t place_count_ = 0;                      // that something sees or sets
  size_t bytes_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_FOOTPRINTS_H_

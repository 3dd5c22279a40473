// Renumbering the values that a partition mentions as 0, 1, 2, …, so that what
// is known of each can stand in plain arrays.

#ifndef MINOS_CHECKER_DECIDERS_LOCAL_IDS_H_
#define MINOS_CHECKER_DECIDERS_LOCAL_IDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "history/value.h"

namespace minos::checker {

inline constexpr uint32_t kNoLocalId = 0xFFFFFFFFu;

class LocalIds {
 public:
  // At most about `expected` different values will be met, among the
  // `table_size` that the table has.
  LocalIds(size_t expected, size_t table_size) {
    // One partition usually mentions most values: then an array is smaller
    // than a hash table, and much faster.
    if (table_size / kSparseFactor <= expected) {
      direct_.assign(table_size, kNoLocalId);
    }
  }

  // The number of `value`, a new one if it is met for the first time.
  uint32_t Of(history::ValueId value) {
    const uint32_t id = history::ToInt(value);
    uint32_t& local = direct_.empty()
                          ? hashed_.try_emplace(id, kNoLocalId).first->second
                          : direct_[id];
    if (local == kNoLocalId) {
      local = static_cast<uint32_t>(values_.size());
      values_.push_back(value);
    }
    return local;
  }

  // The number of a value that has been met.
  uint32_t Find(history::ValueId value) const {
    const uint32_t id = history::ToInt(value);
    return direct_.empty() ? hashed_.find(id)->second : direct_[id];
  }

  // How many there are.
  size_t size() const { return values_.size(); }
  history::ValueId value(uint32_t local) const { return values_[local]; }

  // What the numbers of `expected` values among `table_size` occupy at most.
  static size_t MemoryBytes(size_t expected, size_t table_size) {
    const size_t index = table_size / kSparseFactor <= expected
                             ? table_size * sizeof(uint32_t)
                             : expected * kHashedBytes;
    return index + expected * 2 * sizeof(history::ValueId);
  }

 private:
  static constexpr size_t kSparseFactor = 4;
  static constexpr size_t kHashedBytes = 20;

  std::vector<uint32_t> direct_;
  absl::flat_hash_map<uint32_t, uint32_t> hashed_;
  std::vector<history::ValueId> values_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_LOCAL_IDS_H_

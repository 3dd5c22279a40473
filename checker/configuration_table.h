// The configurations that a search has been in.
//
// Description: a hash table of (event, state, linearized open operations, info
// operations used). Of two configurations alike but for the info operations
// used, the one that used fewer dominates: whatever can follow the other can
// follow it. So a configuration counts as known if one was inserted that is
// alike and used no more.
//
// Memory: 16 bytes and the mask for each configuration, in blocks that never
// move, and an index of 8 bytes a slot that is at most three quarters full. All
// of it is charged to the budget before it is allocated.

#ifndef MINOS_CHECKER_CONFIGURATION_TABLE_H_
#define MINOS_CHECKER_CONFIGURATION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "checker/budget.h"
#include "checker/crash_usage.h"
#include "checker/sequential_model.h"

namespace minos::checker {

// A point of the search.
struct Configuration {
  uint32_t event = 0;  // the next event of the timeline
  StateId state = 0;
  UsageId usage = 0;
  // A bit for each slot: open and linearized.
  std::span<const uint64_t> linearized;
};

class ConfigurationTable {
 public:
  // `mask_words` is the length of every `linearized`. `budget` outlives the
  // table.
  ConfigurationTable(size_t mask_words, Budget& budget);
  ~ConfigurationTable();
  ConfigurationTable(const ConfigurationTable&) = delete;
  ConfigurationTable& operator=(const ConfigurationTable&) = delete;

  enum class Outcome : uint8_t {
    kNew,    // it was inserted
    kKnown,  // one that dominates it has been there
    kFull,   // the budget has no memory for it
  };
  // Expected O(mask_words + configurations that differ in usage only).
  Outcome Insert(const Configuration& configuration, const CrashUsage& usages);

  size_t size() const { return size_; }

 private:
  struct Slot {
    uint32_t tag;    // the upper half of the hash
    uint32_t entry;  // kEmpty where free
  };

  uint64_t* Entry(uint32_t entry) const {
    return blocks_[entry / kEntriesPerBlock].get() +
           entry % kEntriesPerBlock * stride_;
  }
  uint64_t HashOf(uint64_t head, std::span<const uint64_t> mask) const;
  bool Grow();
  bool AddBlock();

  static constexpr size_t kEntriesPerBlock = 1 << 12;
  static constexpr uint32_t kEmpty = 0xFFFFFFFFu;

  Budget& budget_;
  size_t mask_words_;
  size_t stride_;  // words an entry: (event, state), usage, mask
  size_t size_ = 0;
  size_t charged_ = 0;
  std::vector<std::unique_ptr<uint64_t[]>> blocks_;
  std::vector<Slot> index_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONFIGURATION_TABLE_H_

// The configurations that a search has been in.
//
// Description: a hash table of (event, state, linearized open operations, info
// operations used, what is to be noticed). Of two with one event and one state,
// one dominates the other if its masks do (configuration_masks.h) and it used
// no info operation that the other has not: whatever can follow the other can
// follow it. A configuration counts as known if one that dominates it was
// inserted before.
//
// Memory: 16 bytes and two masks for each configuration, in blocks that never
// move, and an index of 16 bytes a slot that is at most three quarters full.
// All of it is charged to the budget before it is allocated.

#ifndef MINOS_CHECKER_CONFIGURATION_TABLE_H_
#define MINOS_CHECKER_CONFIGURATION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "checker/budget.h"
#include "checker/configuration.h"
#include "checker/configuration_masks.h"
#include "checker/crash_usage.h"

namespace minos::checker {

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
  // `open` is what is open at `event`. Expected O(configurations at the event
  // with the same state, and the same updates that are not blind).
  Outcome Insert(uint32_t event, const Configuration& configuration,
                 const OpenMasks& open, const CrashUsage& usages);

  size_t size() const { return size_; }

 private:
  struct Slot {
    uint64_t hash;
    uint32_t entry;  // kEmpty where free
  };

  uint64_t* Entry(uint32_t entry) const {
    return blocks_[entry / kEntriesPerBlock].get() +
           entry % kEntriesPerBlock * stride_;
  }
  void Write(uint64_t* entry, uint64_t head,
             const Configuration& configuration);
  bool Grow();
  bool AddBlock();

  static constexpr size_t kEntriesPerBlock = 1 << 12;
  static constexpr uint32_t kEmpty = 0xFFFFFFFFu;

  Budget& budget_;
  size_t mask_words_;
  size_t stride_;  // words an entry: (event, state), (note, usage), two masks
  size_t size_ = 0;
  size_t charged_ = 0;
  std::vector<std::unique_ptr<uint64_t[]>> blocks_;
  std::vector<Slot> index_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CONFIGURATION_TABLE_H_

// The configurations that a sweep is in at one event, without those that are
// dominated by another.
//
// Complexity: Insert is expected O(configurations with the same state, and the
// same updates that are not blind). Memory: 24 bytes and two masks for each, in
// one array, and an index of 4 bytes a slot at most half full.

#ifndef MINOS_CHECKER_FRONTIER_H_
#define MINOS_CHECKER_FRONTIER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/configuration.h"
#include "checker/configuration_masks.h"
#include "checker/crash_usage.h"

namespace minos::checker {

class Frontier {
 public:
  Frontier(size_t mask_words, bool is_narrow)
      : mask_words_(mask_words), is_narrow_(is_narrow) {}

  // Adds `configuration` unless one that dominates it is in; takes out what it
  // dominates. `trail` goes with it.
  //
  // A narrow frontier takes the one that has used fewer info operations for
  // better, whichever they are. So it may be without configurations that could
  // have gone on; what it has can all be reached.
  //
  // Where more than `width` were inserted, it is widened besides: two that
  // could dominate each other but for the info operations that they have used
  // become one that has used only what both have. It dominates both, but
  // perhaps nothing leads to it. Then nothing waits to be noticed either, since
  // what has used little is soon dominated.
  void Insert(const Configuration& configuration, uint32_t trail, size_t width,
              const OpenMasks& open, CrashUsage& usages);

  // How many were inserted; some of them may have been taken out since.
  size_t size() const { return heads_.size(); }
  bool IsLive(size_t i) const { return heads_[i].is_live; }
  uint32_t trail(size_t i) const { return heads_[i].trail; }
  // REQUIRES: `configuration` was made for the same number of mask words.
  void Load(size_t i, Configuration& configuration) const;

  // Takes out all but `count` of those that have used the fewest info
  // operations, the ones that were inserted first of equals.
  void KeepFewest(size_t count);

  // The same configurations, in little memory; only to be read and cleared.
  Frontier Snapshot() const;

  // Whether any was ever widened.
  bool is_widened() const { return is_widened_; }

  void Clear();
  size_t MemoryBytes() const;
  // How much more memory the next Insert may take, for a while: the tables
  // double, and what they held is there twice until it is copied. Mostly 0;
  // what the first takes is not told.
  size_t BytesToGrow() const;

 private:
  struct Head {
    StateId state;
    UsageId usage;
    uint32_t used;
    NoteId note;
    uint32_t trail;
    bool is_live;
  };
  static constexpr uint32_t kEmpty = 0xFFFFFFFFu;

  std::span<const uint64_t> LinearizedOf(size_t i) const {
    return {masks_.data() + i * 2 * mask_words_, mask_words_};
  }
  std::span<const uint64_t> SpareOf(size_t i) const {
    return {masks_.data() + (i * 2 + 1) * mask_words_, mask_words_};
  }
  // A configuration that is to be inserted.
  struct Entry {
    Head head;
    const uint64_t* linearized;
    const uint64_t* spare;
  };
  enum class Met : uint8_t { kNothing, kDominator, kMerger };

  Met Compare(Entry& entry, size_t slot, bool may_widen, const OpenMasks& open,
              CrashUsage& usages);
  bool HasUsedNoMore(const Head& head, const Head& other,
                     const CrashUsage& usages) const;
  void Append(const Entry& entry, size_t slot);
  void Grow(const OpenMasks& open);

  size_t mask_words_;
  bool is_narrow_;
  std::vector<Head> heads_;
  std::vector<uint64_t> masks_;
  std::vector<uint32_t> index_;
  bool is_widened_ = false;
  std::vector<uint64_t> widened_;  // masks that are to be inserted again
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_FRONTIER_H_

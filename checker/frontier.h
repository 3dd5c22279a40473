// The configurations that a sweep is in at one event, without those that are
// dominated by another.
//
// Complexity: Insert is expected O(configurations with the same state, and the
// same updates that are not blind). Memory: 16 bytes and two masks for each, in
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
  explicit Frontier(size_t mask_words) : mask_words_(mask_words) {}

  // Adds `configuration` unless one that dominates it is in; takes out what it
  // dominates. True if it was added. `trail` goes with it.
  bool Insert(const Configuration& configuration, uint32_t trail,
              const OpenMasks& open, const CrashUsage& usages);

  // How many were inserted; some of them may have been taken out since.
  size_t size() const { return heads_.size(); }
  bool IsLive(size_t i) const { return heads_[i].is_live; }
  uint32_t trail(size_t i) const { return heads_[i].trail; }
  // REQUIRES: `configuration` was made for the same number of mask words.
  void Load(size_t i, Configuration& configuration) const;

  void Clear();
  size_t MemoryBytes() const;

 private:
  struct Head {
    StateId state;
    UsageId usage;
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
  void Grow(const OpenMasks& open);

  size_t mask_words_;
  std::vector<Head> heads_;
  std::vector<uint64_t> masks_;
  std::vector<uint32_t> index_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_FRONTIER_H_

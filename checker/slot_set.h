// A set of slots of a timeline: one bit each.

#ifndef MINOS_CHECKER_SLOT_SET_H_
#define MINOS_CHECKER_SLOT_SET_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/container/inlined_vector.h"

namespace minos::checker {

class SlotSet {
 public:
  static constexpr size_t kBitsPerWord = 64;

  // How many words a set of `slots` slots takes.
  static size_t WordsFor(size_t slots) {
    return (slots + kBitsPerWord - 1) / kBitsPerWord;
  }

  explicit SlotSet(size_t words) : words_(words, 0) {}

  void Insert(uint32_t slot) { words_[slot / kBitsPerWord] |= Bit(slot); }
  void Erase(uint32_t slot) { words_[slot / kBitsPerWord] &= ~Bit(slot); }
  bool Contains(uint32_t slot) const {
    return (words_[slot / kBitsPerWord] & Bit(slot)) != 0;
  }

  std::span<const uint64_t> words() const {
    return {words_.data(), words_.size()};
  }
  // REQUIRES: as many words as this set has.
  void Assign(std::span<const uint64_t> words) {
    std::copy(words.begin(), words.end(), words_.begin());
  }

  // REQUIRES: as many words in `other`.
  void Intersect(const SlotSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }
  void Subtract(const SlotSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
  }

  // Calls `visit` for each slot of `set` that is not in `without`, in order.
  template <typename Visit>
  static void ForEach(const SlotSet& set, const SlotSet& without, Visit visit) {
    for (size_t i = 0; i < set.words_.size(); ++i) {
      uint64_t rest = set.words_[i] & ~without.words_[i];
      for (; rest != 0; rest &= rest - 1) {
        visit(static_cast<uint32_t>(i * kBitsPerWord + std::countr_zero(rest)));
      }
    }
  }

 private:
  static uint64_t Bit(uint32_t slot) {
    return uint64_t{1} << (slot % kBitsPerWord);
  }

  // Two words hold the open operations of 128 clients.
  absl::InlinedVector<uint64_t, 2> words_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SLOT_SET_H_

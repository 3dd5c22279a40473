// A set of few slots of a timeline, of a size that is known when this is
// compiled; SlotSet is for any number.

#ifndef MINOS_CHECKER_SLOT_MASK_H_
#define MINOS_CHECKER_SLOT_MASK_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace minos::checker {

class SlotMask {
 public:
  static constexpr size_t kMostSlots = 128;

  void Insert(uint32_t slot) { words_[slot / kBits] |= Bit(slot); }
  void Erase(uint32_t slot) { words_[slot / kBits] &= ~Bit(slot); }
  bool Contains(uint32_t slot) const {
    return (words_[slot / kBits] & Bit(slot)) != 0;
  }
  bool IsEmpty() const { return (words_[0] | words_[1]) == 0; }
  uint32_t Count() const {
    return static_cast<uint32_t>(std::popcount(words_[0]) +
                                 std::popcount(words_[1]));
  }

  friend SlotMask operator&(const SlotMask& a, const SlotMask& b) {
    return SlotMask(a.words_[0] & b.words_[0], a.words_[1] & b.words_[1]);
  }
  friend SlotMask operator|(const SlotMask& a, const SlotMask& b) {
    return SlotMask(a.words_[0] | b.words_[0], a.words_[1] | b.words_[1]);
  }
  friend SlotMask operator^(const SlotMask& a, const SlotMask& b) {
    return SlotMask(a.words_[0] ^ b.words_[0], a.words_[1] ^ b.words_[1]);
  }
  // Those of `a` that are not in `b`.
  friend SlotMask operator-(const SlotMask& a, const SlotMask& b) {
    return SlotMask(a.words_[0] & ~b.words_[0], a.words_[1] & ~b.words_[1]);
  }
  friend bool operator==(const SlotMask&, const SlotMask&) = default;

  // Calls `visit` for each slot, in order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) {
        visit(static_cast<uint32_t>(i * kBits + std::countr_zero(rest)));
      }
    }
  }

  SlotMask() = default;

 private:
  static constexpr size_t kBits = 64;

  SlotMask(uint64_t low, uint64_t high) : words_{low, high} {}
  static uint64_t Bit(uint32_t slot) { return uint64_t{1} << (slot % kBits); }

  std::array<uint64_t, kMostSlots / kBits> words_ = {};
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SLOT_MASK_H_

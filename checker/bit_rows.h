// Sets of small numbers as rows of bits, all of one width.

#ifndef MINOS_CHECKER_BIT_ROWS_H_
#define MINOS_CHECKER_BIT_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace minos::checker {

using BitWord = uint64_t;
inline constexpr size_t kBitsAWord = 64;

// How many words hold the numbers below `bound`, at least one.
constexpr size_t WordsFor(size_t bound) { return bound / kBitsAWord + 1; }

// REQUIRES, of all below: `bit` is within the row, and rows are of one width.
inline bool HasBit(std::span<const BitWord> row, size_t bit) {
  return (row[bit / kBitsAWord] >> (bit % kBitsAWord) & 1) != 0;
}
inline void SetBit(std::span<BitWord> row, size_t bit) {
  row[bit / kBitsAWord] |= BitWord{1} << (bit % kBitsAWord);
}
inline void ClearBit(std::span<BitWord> row, size_t bit) {
  row[bit / kBitsAWord] &= ~(BitWord{1} << (bit % kBitsAWord));
}
// Puts what is in `from` into `into`. O(words).
inline void JoinBits(std::span<BitWord> into, std::span<const BitWord> from) {
  for (size_t i = 0; i < into.size(); ++i) into[i] |= from[i];
}
// True if something is in both. O(words).
inline bool BitsMeet(std::span<const BitWord> a, std::span<const BitWord> b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if ((a[i] & b[i]) != 0) return true;
  }
  return false;
}

// Rows that lie one behind the other, empty at first.
class BitRows {
 public:
  BitRows(size_t rows, size_t words) : words_(words), bits_(rows * words, 0) {}

  std::span<BitWord> operator[](size_t row) {
    return std::span(bits_).subspan(row * words_, words_);
  }
  std::span<const BitWord> operator[](size_t row) const {
    return std::span(bits_).subspan(row * words_, words_);
  }

 private:
  size_t words_;
  std::vector<BitWord> bits_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_BIT_ROWS_H_

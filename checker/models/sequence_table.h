// Sequences of values as numbers: equal sequences have equal numbers.
//
// A sequence is a cell (the sequence without its last element, the last
// element), and equal cells are one. So a list grows or shrinks at its end in
// O(1), two lists are compared by their numbers, and all that have a common
// beginning share it.

#ifndef MINOS_CHECKER_MODELS_SEQUENCE_TABLE_H_
#define MINOS_CHECKER_MODELS_SEQUENCE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "checker/models/interner.h"
#include "history/hash.h"
#include "history/value.h"

namespace minos::checker {

using SequenceId = uint32_t;
inline constexpr SequenceId kEmptySequence = 0;

class SequenceTable {
 public:
  SequenceTable() { cells_.Intern(Cell{}); }

  SequenceId Append(SequenceId rest, history::ValueId last) {
    return cells_.Intern({rest, last, cells_[rest].size + 1});
  }
  SequenceId AppendAll(SequenceId sequence,
                       std::span<const history::ValueId> elements) {
    for (const history::ValueId e : elements) sequence = Append(sequence, e);
    return sequence;
  }

  // REQUIRES for both: the sequence is not empty.
  SequenceId Rest(SequenceId sequence) const { return cells_[sequence].rest; }
  history::ValueId Last(SequenceId sequence) const {
    return cells_[sequence].last;
  }

  size_t Size(SequenceId sequence) const { return cells_[sequence].size; }
  // How many sequences there are; a new one gets this number.
  size_t count() const { return cells_.size(); }

  // First to last. O(size).
  std::vector<history::ValueId> Elements(SequenceId sequence) const {
    std::vector<history::ValueId> elements(Size(sequence));
    for (size_t i = elements.size(); i > 0; sequence = Rest(sequence)) {
      elements[--i] = Last(sequence);
    }
    return elements;
  }

  size_t MemoryBytes() const { return cells_.MemoryBytes(); }

 private:
  struct Cell {
    SequenceId rest = kEmptySequence;
    history::ValueId last = history::kNoValue;
    uint32_t size = 0;

    friend bool operator==(const Cell&, const Cell&) = default;
    uint64_t Hash() const { return CombineHash(rest, ToInt(last)); }
  };

  Interner<Cell> cells_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_SEQUENCE_TABLE_H_

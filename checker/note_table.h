// What is still to be noticed, as small numbers.

#ifndef MINOS_CHECKER_NOTE_TABLE_H_
#define MINOS_CHECKER_NOTE_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "checker/models/interner.h"
#include "checker/sequential_model.h"
#include "history/hash.h"

namespace minos::checker {

// The last operation of a path, if it need not have been taken and nothing has
// noticed it yet; see wgl.cc. Two that are equal are noticed by the same.
struct Unnoticed {
  // The kind of an info operation, or kNoKind.
  uint32_t kind = 0;
  ActionId action = 0;
  StateId before = 0;        // the state in which it was taken
  bool is_optional = false;  // it could have been left out, too

  static constexpr uint32_t kNoKind = 0xFFFFFFFFu;

  bool is_crash() const { return kind != kNoKind; }
  uint64_t Hash() const {
    return CombineHash(
        CombineHash(MixHash(kind), action),
        (static_cast<uint64_t>(before) << 1) | (is_optional ? 1 : 0));
  }
  friend bool operator==(const Unnoticed&, const Unnoticed&) = default;
};

// The number of an Unnoticed. kNoNote: there is nothing to be noticed.
using NoteId = uint32_t;
inline constexpr NoteId kNoNote = 0;

class NoteTable {
 public:
  // Amortized O(1).
  NoteId Intern(const Unnoticed& unnoticed) {
    return notes_.Intern(unnoticed) + 1;
  }
  // REQUIRES: `note` is not kNoNote.
  const Unnoticed& operator[](NoteId note) const { return notes_[note - 1]; }

  size_t MemoryBytes() const { return notes_.MemoryBytes(); }

 private:
  Interner<Unnoticed> notes_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_NOTE_TABLE_H_

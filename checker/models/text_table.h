// Values that grow: strings to which strings are appended, as numbers.
//
// A growing string is a chain (the string before, the piece appended), so that
// an append costs O(1) whatever the length. Equal strings must have one number
// however they were put together: a chain carries the length and a hash of the
// whole, and what agrees in both is compared exactly, piece by piece from the
// end up to where both chains run through the same link. Values that are not
// strings are chains of one piece.

#ifndef MINOS_CHECKER_MODELS_TEXT_TABLE_H_
#define MINOS_CHECKER_MODELS_TEXT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "checker/models/interner.h"
#include "history/hash.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

using TextId = uint32_t;

// A string with what it costs O(length) to know.
struct TextPiece {
  history::ValueId value = history::kNil;
  uint64_t hash = 0;
  uint64_t power = 1;  // what a hash is multiplied by when this is appended
};

class TextTable {
 public:
  // `values` outlives the table.
  explicit TextTable(const history::ValueTable& values) : values_(values) {}

  // O(length) for a string.
  TextPiece Piece(history::ValueId value) const;

  // The number of a whole value, of whatever kind.
  TextId Whole(history::ValueId value);
  // The number of `text` with `piece` behind it. REQUIRES: both are strings.
  // O(1), but O(length) where an equal string is known that was put together
  // otherwise.
  TextId Append(TextId text, const TextPiece& piece);

  bool IsString(TextId text) const {
    return values_.kind(chains_[text].piece) == history::ValueKind::kString;
  }
  // The value, if it is of one piece; else kNoValue.
  history::ValueId AsValue(TextId text) const {
    return chains_[text].before == kNone ? chains_[text].piece
                                         : history::kNoValue;
  }
  // A number that equal strings share, and few others. O(1).
  uint64_t HashOf(TextId text) const { return chains_[text].Hash(); }
  // Calls `visit` with that number of each beginning of `text`, from the empty
  // one to all of it. O(length).
  template <typename Visit>
  static void ForEachPrefixHash(std::string_view text, Visit visit) {
    Chain chain;
    visit(chain.Hash());
    for (const char c : text) {
      chain.hash = Extend(chain.hash, c);
      ++chain.length;
      visit(chain.Hash());
    }
  }
  static uint64_t HashOfEmpty() { return Chain().Hash(); }
  // The characters of a string. O(length).
  std::string Characters(TextId text) const;

  size_t MemoryBytes() const { return chains_.MemoryBytes(); }

 private:
  static constexpr TextId kNone = 0xFFFFFFFFu;

  struct Chain {
    TextId before = kNone;
    history::ValueId piece = history::kNil;
    uint64_t length = 0;
    uint64_t hash = 0;  // of the characters; of the value, if it is no string

    uint64_t Hash() const { return CombineHash(hash, length); }
  };

  static constexpr uint64_t kBase = 0x9E3779B97F4A7C15u;
  static uint64_t Extend(uint64_t hash, char c) {
    return hash * kBase + static_cast<unsigned char>(c) + 1;
  }

  TextId Intern(const Chain& chain);
  bool AreEqual(const Chain& a, const Chain& b) const;

  const history::ValueTable& values_;
  Interner<Chain> chains_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_TEXT_TABLE_H_

// The table in which the values of a history are interned.
//
// Thread safety: const methods may be called from many threads at once, the
// others from one thread while nobody else uses the table.

#ifndef MINOS_HISTORY_VALUE_TABLE_H_
#define MINOS_HISTORY_VALUE_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/value.h"

namespace minos::history {

// Every distinct value of a history, once.
class ValueTable {
 public:
  ValueTable();

  // Interning. Each returns the id of the value, new or known. Amortized O(size
  // of the value); about 25 bytes a distinct scalar, plus the text. REQUIRES:
  // no text or collection has kMaxLength bytes or elements, and all texts, and
  // all collections, together have not 2^36.

  static constexpr size_t kMaxLength = size_t{1} << 28;

  static ValueId Bool(bool value) { return value ? kTrue : kFalse; }
  ValueId Integer(int64_t value);
  // All NaNs are one value; -0.0 and 0.0 are two.
  ValueId Float(double value);
  ValueId String(std::string_view text);
  // The same value as String(name); remembers that EDN writes it as `:name`.
  ValueId Keyword(std::string_view name);
  // kBigInteger, kSymbol, kCharacter or kRatio, whose text must be canonical.
  ValueId Text(ValueKind kind, std::string_view text);
  ValueId List(std::span<const ValueId> elements);
  // `entries` alternates keys and values. REQUIRES: keys are distinct.
  ValueId Map(std::span<const ValueId> entries);
  // REQUIRES: elements are distinct.
  ValueId Set(std::span<const ValueId> elements);

  // Interns all values of `other` in the order of their ids. Returns what each
  // is here.
  std::vector<ValueId> Include(const ValueTable& other);

  // Looking up without interning: kNoValue if the table has no such value.
  ValueId FindInteger(int64_t value) const;
  ValueId FindString(std::string_view text) const;

  // Looking inside. REQUIRES for all: `id` is of this table and of the kind
  // that the method speaks of.

  ValueKind kind(ValueId id) const { return kinds_[ToInt(id)]; }
  int64_t integer(ValueId id) const {
    return static_cast<int64_t>(payloads_[ToInt(id)]);
  }
  double real(ValueId id) const;
  // Of a string, symbol, character, ratio or big integer.
  std::string_view text(ValueId id) const;
  bool is_keyword(ValueId id) const { return keyword_[ToInt(id)]; }
  // Of a list in order; of a set and (keys and values alternating) of a map in
  // the order of the ids. Valid until the next value is interned.
  std::span<const ValueId> elements(ValueId id) const;
  // The value under `key`, kNoValue if the map has none. O(entries).
  ValueId Get(ValueId map, ValueId key) const;

  // How many values there are; their ids are 0 … size()-1.
  size_t size() const { return kinds_.size(); }
  size_t MemoryBytes() const;
  // How many bytes more it might take for a moment, while `more` further values
  // come: the index doubles, all at once, and a column that grows is copied.
  size_t GrowthBytes(size_t more) const;

 private:
  uint64_t HashOf(ValueKind kind, uint64_t payload) const;
  ValueId InternScalar(ValueKind kind, uint64_t payload);
  ValueId InternText(ValueKind kind, std::string_view text);
  ValueId InternElements(ValueKind kind, std::span<const ValueId> elements);
  template <typename Equal>
  size_t FindSlot(uint64_t hash, ValueKind kind, Equal equal) const;
  ValueId Append(size_t slot, ValueKind kind, uint64_t payload);
  void GrowIndex();

  std::vector<ValueKind> kinds_;
  // The bits of a scalar; where text or elements lie (36 bits of offset into
  // characters_ or children_, 28 of length).
  std::vector<uint64_t> payloads_;
  std::vector<bool> keyword_;
  std::string characters_;
  std::vector<ValueId> children_;
  // The ids of the integers 0, 1, 2, …, which every history is full of.
  std::array<ValueId, 256> small_integers_;
  // Open addressing with linear probing over ids; kEmptySlot where free.
  std::vector<uint32_t> index_;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_VALUE_TABLE_H_

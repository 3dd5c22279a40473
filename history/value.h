// Values as small integers.
//
// Every value of a history (an argument, a result, a key, the name of a
// function or of a process) is interned once in a ValueTable and is from then
// on a 32-bit ValueId. Two ids of one table are equal exactly if the values
// are: a search compares integers and never looks inside.

#ifndef MINOS_HISTORY_VALUE_H_
#define MINOS_HISTORY_VALUE_H_

#include <cstdint>

namespace minos::history {

// Names a value of one ValueTable; meaningless with another table.
enum class ValueId : uint32_t {};

// These three have the same id in every table.
inline constexpr ValueId kNil{0};
inline constexpr ValueId kFalse{1};
inline constexpr ValueId kTrue{2};

// "There is no value here", which is not the same as the value nil. Never
// names a value of a table.
inline constexpr ValueId kNoValue{0xFFFFFFFFu};

// The number of `id`, to index a column by it.
constexpr uint32_t ToInt(ValueId id) { return static_cast<uint32_t>(id); }

// What a value is.
enum class ValueKind : uint8_t {
  kNil,
  kBool,
  kInteger,     // 64 bits, signed
  kBigInteger,  // an integer that does not fit; its decimal digits as text
  kFloat,
  kString,     // a string or a keyword: `:x` and "x" are one value
  kSymbol,     // EDN only; its name as text
  kCharacter,  // EDN only; its UTF-8 bytes as text
  kRatio,      // EDN only; `1/3` in lowest terms as text
  kList,       // an EDN vector or list, a JSON array
  kMap,
  kSet,  // EDN only
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_VALUE_H_

// Histories in the plainest form that there is, for oracles and generators:
// values on the heap, operations in a vector. Nothing here uses the library,
// but for the functions that turn a plain history into one of its own.

#ifndef MINOS_TESTS_SUPPORT_PLAIN_HISTORY_H_
#define MINOS_TESTS_SUPPORT_PLAIN_HISTORY_H_

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "history/history.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::testing {

// nil, true, false, an integer, a string, or a list of values. (A map is a list
// of pairs, sorted.)
struct PlainValue {
  enum class Kind : uint8_t { kNil, kBool, kInteger, kString, kList, kMap };

  PlainValue() = default;
  PlainValue(int integer) : kind(Kind::kInteger), number(integer) {}
  PlainValue(const char* string) : kind(Kind::kString), text(string) {}
  PlainValue(std::string string)
      : kind(Kind::kString), text(std::move(string)) {}
  static PlainValue Bool(bool value);
  static PlainValue List(std::vector<PlainValue> items);
  static PlainValue Map(std::vector<std::pair<PlainValue, PlainValue>> entries);

  friend bool operator==(const PlainValue&, const PlainValue&) = default;
  friend bool operator<(const PlainValue& a, const PlainValue& b);

  Kind kind = Kind::kNil;
  int64_t number = 0;
  std::string text;
  std::vector<PlainValue> items;
};

enum class PlainOutcome : uint8_t { kOk, kInfo, kFail };

// The end of an ok operation whose return lies beyond what is looked at: it
// need not have happened yet, but if it has, its result is known.
inline constexpr int kOpenEnd = std::numeric_limits<int>::max();

struct PlainOperation {
  std::string function;
  PlainValue argument;
  PlainValue result;  // means something only if the outcome is ok
  PlainOutcome outcome = PlainOutcome::kOk;
  int call = 0;
  int end = 0;  // means something only if the outcome is not info
};

struct PlainHistory {
  std::string type;  // the name of the data type
  PlainValue initial;
  std::vector<PlainOperation> operations;  // in the order of their calls
};

// EDN.
std::string ToText(const PlainValue& value);
// One line an operation, for messages.
std::string ToText(const PlainHistory& history);

history::ValueId Intern(const PlainValue& value, history::ValueTable& values);
// The same history as the library has it, each operation by a process of its
// own; `initial` is interned in its table.
std::pair<history::History, history::ValueId> ToHistory(
    const PlainHistory& history);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_PLAIN_HISTORY_H_

// A value that a reader has read but perhaps not interned yet.

#ifndef MINOS_HISTORY_LAZY_VALUE_H_
#define MINOS_HISTORY_LAZY_VALUE_H_

#include <cstdint>

#include "history/value.h"
#include "history/value_table.h"

namespace minos::history {

// Half the integers of a recording are times and indexes, all of them
// different, which nobody ever looks up: they should not enter the table.
struct LazyValue {
  bool is_integer = false;
  int64_t integer = 0;    // if is_integer
  ValueId id = kNoValue;  // else

  static LazyValue Integer(int64_t integer) { return {true, integer}; }
  static LazyValue Interned(ValueId id) { return {false, 0, id}; }

  ValueId Intern(ValueTable& values) const {
    return is_integer ? values.Integer(integer) : id;
  }
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_LAZY_VALUE_H_

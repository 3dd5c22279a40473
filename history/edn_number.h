// The numbers of EDN.

#ifndef MINOS_HISTORY_EDN_NUMBER_H_
#define MINOS_HISTORY_EDN_NUMBER_H_

#include <string>
#include <string_view>

#include "history/lazy_value.h"
#include "history/value_table.h"

namespace minos::history {

// Reads all of `token`: 12, -7, +3, 12N, 0x1f, 1.5, 2e9, 1.5M, 1/3. An integer
// that does not fit 64 bits becomes kBigInteger; a ratio is brought to lowest
// terms. False, with the reason in `error`, if `token` is not a number.
// O(length).
bool ParseEdnNumber(std::string_view token, ValueTable& values,
                    LazyValue& number, std::string& error);

}  // namespace minos::history

#endif  // MINOS_HISTORY_EDN_NUMBER_H_

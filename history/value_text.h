// Values as text, in JSON and in EDN.

#ifndef MINOS_HISTORY_VALUE_TEXT_H_
#define MINOS_HISTORY_VALUE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "history/value.h"
#include "history/value_table.h"

namespace minos::history {

// Whether EDN can write `:name`.
bool IsKeywordName(std::string_view name);

// Appends `value` as EDN. Strings that were once read as keywords are written
// as keywords. O(size of the text).
void AppendEdn(const ValueTable& values, ValueId value, std::string& out);

// Appends `value` as JSON, on one line. A map whose keys are not all strings
// gets their EDN text as keys; a set becomes an array; symbols, characters and
// ratios become strings; infinities and NaN become null. O(size of the text).
void AppendJson(const ValueTable& values, ValueId value, std::string& out);

// Appends the key of a JSON object, as AppendJson writes it.
void AppendJsonKey(const ValueTable& values, ValueId key, std::string& out);

// The EDN text, with the middle left out where it is longer than `max_length`
// bytes. For messages: kNoValue is "?".
std::string ToShortText(const ValueTable& values, ValueId value,
                        size_t max_length);

}  // namespace minos::history

#endif  // MINOS_HISTORY_VALUE_TEXT_H_

// UTF-8 (RFC 3629).

#ifndef MINOS_HISTORY_UTF8_H_
#define MINOS_HISTORY_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace minos::history {

// Where `text` stops being well-formed UTF-8: the offset of the first byte of
// the first ill-formed sequence; npos if there is none. Overlong forms,
// surrogates and code points above U+10FFFF are ill-formed. O(length).
size_t FindInvalidUtf8(std::string_view text);

// Appends the code point. REQUIRES: a Unicode scalar value.
void AppendUtf8(uint32_t code_point, std::string& out);

// How many bytes the character that starts with `lead` has: 1 … 4; 1 for a byte
// that starts none.
size_t Utf8Length(unsigned char lead);

}  // namespace minos::history

#endif  // MINOS_HISTORY_UTF8_H_

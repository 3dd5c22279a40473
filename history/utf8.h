// UTF-8 (RFC 3629).

#ifndef MINOS_HISTORY_UTF8_H_
#define MINOS_HISTORY_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace minos::history {

// Where `text` stops being well-formed UTF-8: the offset of the first byte of
// the first ill-formed sequence; npos if there is none. Overlong forms,
// surrogates and code points above U+10FFFF are ill-formed. O(length).
size_t FindInvalidUtf8(std::string_view text);

// Whether all bytes are below 0x80. O(length), 8 bytes at a time.
inline bool IsAscii(std::string_view text) {
  uint64_t all = 0;
  size_t i = 0;
  for (; i + sizeof(all) <= text.size(); i += sizeof(all)) {
    uint64_t block;
    std::memcpy(&block, text.data() + i, sizeof(block));
    all |= block;
  }
  for (; i < text.size(); ++i) all |= static_cast<unsigned char>(text[i]);
  return (all & 0x8080808080808080u) == 0;
}

// Appends the code point. REQUIRES: a Unicode scalar value.
void AppendUtf8(uint32_t code_point, std::string& out);

// How many bytes the character that starts with `lead` has: 1 … 4; 1 for a byte
// that starts none.
size_t Utf8Length(unsigned char lead);

}  // namespace minos::history

#endif  // MINOS_HISTORY_UTF8_H_

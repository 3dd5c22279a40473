// Where in a text something stands.

#ifndef MINOS_HISTORY_TEXT_POSITION_H_
#define MINOS_HISTORY_TEXT_POSITION_H_

#include <compare>
#include <cstdint>
#include <string>

namespace minos::history {

// 1-based, 0 where unknown. Columns count bytes.
struct TextPosition {
  uint32_t line = 0;
  uint32_t column = 0;

  friend auto operator<=>(const TextPosition&, const TextPosition&) = default;
};

// Why a text cannot be read, and where.
struct SyntaxError {
  TextPosition position;
  std::string message;  // one sentence without a full stop
  std::string hint;     // what to do; may be empty
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_TEXT_POSITION_H_

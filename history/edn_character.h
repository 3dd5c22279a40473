// The characters that EDN has names for, since they would not be seen, or would
// end the token: \newline.

#ifndef MINOS_HISTORY_EDN_CHARACTER_H_
#define MINOS_HISTORY_EDN_CHARACTER_H_

#include <string_view>

namespace minos::history {

struct NamedCharacter {
  char character;
  std::string_view name;
};

inline constexpr NamedCharacter kNamedCharacters[] = {
    {'\n', "newline"}, {' ', "space"},      {'\t', "tab"},
    {'\r', "return"},  {'\b', "backspace"}, {'\f', "formfeed"},
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_EDN_CHARACTER_H_

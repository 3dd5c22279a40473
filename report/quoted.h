// Strings in double quotes, as DOT and YAML take them.

#ifndef MINOS_REPORT_QUOTED_H_
#define MINOS_REPORT_QUOTED_H_

#include <string>
#include <string_view>

namespace minos::report {

// `text` in double quotes, on one line: a new line becomes `\n`, which both
// read as one. O(length).
std::string Quoted(std::string_view text);

}  // namespace minos::report

#endif  // MINOS_REPORT_QUOTED_H_

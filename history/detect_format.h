// Finds out in which format a recording is, by its first bytes.

#ifndef MINOS_HISTORY_DETECT_FORMAT_H_
#define MINOS_HISTORY_DETECT_FORMAT_H_

#include <optional>
#include <string_view>

#include "history/format.h"
#include "history/problem.h"

namespace minos::history {

// The format of the text that begins with `head`. nullopt, with the reason in
// `problem`, if it is empty, binary, or nothing known. White space and comments
// are stepped over first. O(length).
std::optional<Format> DetectFormat(std::string_view head, Problem& problem);

}  // namespace minos::history

#endif  // MINOS_HISTORY_DETECT_FORMAT_H_

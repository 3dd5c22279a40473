// The formats of recordings.

#ifndef MINOS_HISTORY_FORMAT_H_
#define MINOS_HISTORY_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace minos::history {

enum class Format : uint8_t {
  kJsonLines,   // "jsonl"
  kJson,        // "json": an array
  kEdn,         // "edn"
  kJepsenLog,   // "jepsen-log"
  kHistoryTxt,  // "history-txt"
};

std::string_view ToString(Format format);
// The format called `name`; nullopt if there is none.
std::optional<Format> FormatFromName(std::string_view name);

}  // namespace minos::history

#endif  // MINOS_HISTORY_FORMAT_H_

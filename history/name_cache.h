// Remembers the ids of the few names that a recording repeats.

#ifndef MINOS_HISTORY_NAME_CACHE_H_
#define MINOS_HISTORY_NAME_CACHE_H_

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "history/value.h"

namespace minos::history {

// Every event repeats its field names, its type and its function; comparing 16
// bytes with those of the last such name is cheaper than looking one up.
class NameCache {
 public:
  // The id of `name`; `intern` is called with it where it is not remembered.
  // Names must not hold zero bytes at their end. O(1).
  template <typename Intern>
  ValueId Find(std::string_view name, Intern intern) {
    Entry probe;
    if (name.empty() || name.size() > probe.name.size() ||
        name.back() == '\0') {
      return intern(name);
    }
    std::memcpy(probe.name.data(), name.data(), name.size());
    const auto byte = [&](size_t i) {
      return static_cast<unsigned char>(name[i]);
    };
    const size_t hash = byte(0) * 7u + byte(name.size() - 1) * 3u + name.size();
    Entry& entry = entries_[hash % entries_.size()];
    if (entry.name != probe.name) {
      probe.id = intern(name);
      entry = probe;
    }
    return entry.id;
  }

 private:
  struct Entry {
    std::array<char, 16> name{};  // padded with zero bytes
    ValueId id = kNoValue;
  };
  std::array<Entry, 64> entries_;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_NAME_CACHE_H_

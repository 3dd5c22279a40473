#include "targets/coverage.h"

#include <bit>

#include "history/hash.h"

namespace minos::targets {

size_t Coverage::count() const {
  size_t count = 0;
  for (uint64_t word : words_) count += std::popcount(word);
  return count;
}

bool Coverage::Merge(const Coverage& other) {
  bool is_new = false;
  for (size_t i = 0; i < words_.size(); ++i) {
    is_new = is_new || (other.words_[i] & ~words_[i]) != 0;
    words_[i] |= other.words_[i];
  }
  return is_new;
}

void CoverageRecorder::Handle(NodeId node, std::string_view name) {
  // Of the text, not of its address: equal on every machine.
  uint64_t hash = name.size();
  for (char c : name) hash = hash * 31 + static_cast<uint8_t>(c);
  Last& last = last_[node];
  const uint64_t feature =
      CombineHash(CombineHash(last.older, last.newer), hash);
  last = {last.newer, hash};
  const size_t bit = feature % Coverage::kBits;
  coverage_.words_[bit / 64] |= uint64_t{1} << (bit % 64);
}

}  // namespace minos::targets

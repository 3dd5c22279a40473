#include "checker/culprits.h"

#include <algorithm>

namespace minos::checker {

void Culprits::Note(uint32_t operation, uint32_t ways) {
  if (noted_[operation] == 0) met_.push_back(operation);
  noted_[operation] += ways;
}

void Culprits::Learn() {
  uint32_t most = 0;
  for (const uint32_t operation : met_) {
    most = std::max(most, noted_[operation]);
  }
  for (const uint32_t operation : met_) {
    const bool is_frequent = noted_[operation] >= most - most / 2;
    if (is_frequent && urgency_[operation] < kMostUrgent) {
      ++urgency_[operation];
    }
    noted_[operation] = 0;
  }
  met_.clear();
}

}  // namespace minos::checker

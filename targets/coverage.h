// What a run has reached: which events nodes handled one after another.
//
// A feature is what three events in a row a node handled: messages by the names
// that the store gives them, requests by their function, and its own restarts.
// Runs of which the nodes did things in an order that no run had before are
// worth being looked at closer. The features are hashed into a fixed number of
// bits, as American Fuzzy Lop does with the branches of a program; a rare
// collision hides a feature and does no other harm.

#ifndef MINOS_TARGETS_COVERAGE_H_
#define MINOS_TARGETS_COVERAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "targets/request.h"

namespace minos::targets {

// A set of features.
class Coverage {
 public:
  // How many there are.
  size_t count() const;
  // Adds those of `other`; true if there was a new one.
  bool Merge(const Coverage& other);
  bool operator==(const Coverage&) const = default;

 private:
  friend class CoverageRecorder;
  static constexpr size_t kBits = 1 << 14;

  std::array<uint64_t, kBits / 64> words_{};
};

// Notes the features of one run.
class CoverageRecorder {
 public:
  explicit CoverageRecorder(int nodes) : last_(nodes) {}

  // Node `node` handles an event called `name`. O(length of the name).
  void Handle(NodeId node, std::string_view name);
  const Coverage& coverage() const { return coverage_; }

 private:
  // The two events before, by their hashes.
  struct Last {
    uint64_t older = 0;
    uint64_t newer = 0;
  };

  std::vector<Last> last_;  // by node
  Coverage coverage_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_COVERAGE_H_

// Causal order as clocks: for each update, how much of each chain precedes it.

#ifndef MINOS_CHECKER_CAUSAL_CLOCKS_H_
#define MINOS_CHECKER_CAUSAL_CLOCKS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/session_history.h"

namespace minos::checker {

class CausalClocks {
 public:
  // The clocks of co = (so ∪ rf)⁺; nullopt if co has a cycle. O(n · chains)
  // time; 4 bytes for each update and chain.
  static std::optional<CausalClocks> Compute(const SessionHistory& steps);

  // What Compute will occupy.
  static size_t BytesFor(const SessionHistory& steps);

  // a co b. REQUIRES: b is an update. O(1).
  bool Precedes(Step a, uint32_t chain_of_a, Step b) const {
    return a != b && clocks_[row_[b] * width_ + chain_of_a] > a;
  }
  // The clock of an update or of the end of a crossing: by chain, the first
  // step that is neither it nor precedes it.
  std::span<const Step> ClockOf(Step step) const {
    return std::span(clocks_).subspan(row_[step] * width_, width_);
  }
  size_t MemoryBytes() const {
    return row_.capacity() * sizeof(uint32_t) +
           clocks_.capacity() * sizeof(Step);
  }

 private:
  friend class ClockSweep;

  size_t width_ = 0;
  std::vector<uint32_t>
      row_;  // by step; updates and ends of crossings have one
  // Row after row; the entry of a chain is the first of its steps that does not
  // precede the row's step (which precedes itself).
  std::vector<Step> clocks_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CAUSAL_CLOCKS_H_

// How many info operations have to be kept for later.
//
// What an operation saw was set after some event (Freshness) and before it
// returned. Where no completed operation can have set it in that time, an info
// operation did. Such spans of one part that do not overlap need one each. So
// where info operations that set a part are few, it can be told long before
// that one more must not be used for something else.

#ifndef MINOS_CHECKER_CRASH_RESERVE_H_
#define MINOS_CHECKER_CRASH_RESERVE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "checker/freshness.h"
#include "checker/open_values.h"
#include "checker/search_strategies.h"

namespace minos::checker {

class CrashReserve {
 public:
  static constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

  // O(n log n).
  CrashReserve(const SearchProblem& problem, const OpenValues& values,
               const Freshness& freshness);

  // How many info operations that set `part` may be used before `event`, such
  // that enough will be left for what certainly needs them; less than 0 if
  // nothing suffices. O(log n).
  int64_t MostUsed(PartId part, uint32_t event) const;
  bool IsLimited(PartId part) const { return !spans_[part].empty(); }

  size_t MemoryBytes() const { return bytes_; }

 private:
  struct Span {
    uint32_t begin;
    uint32_t end;
    int64_t most_used;  // before it begins
  };

  void FindSpans(const SearchProblem& problem, const OpenValues& values,
                 const Freshness& freshness);
  void Limit(PartId part, const std::vector<uint32_t>& calls);

  // By part; both begins and ends ascend.
  std::vector<std::vector<Span>> spans_;
  size_t bytes_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_CRASH_RESERVE_H_

// A bound on what a search may look at, the same on every machine.

#ifndef MINOS_CHECKER_EFFORT_H_
#define MINOS_CHECKER_EFFORT_H_

#include <cstddef>

namespace minos::checker {

class Effort {
 public:
  // In whatever steps the search counts.
  explicit Effort(size_t most) : most_(most) {}

  void Spend(size_t effort) { spent_ += effort; }
  // True once more was spent than the most: as much is still allowed.
  bool IsSpent() const { return spent_ > most_; }

 private:
  size_t most_;
  size_t spent_ = 0;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_EFFORT_H_

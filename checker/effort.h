// A bound on what a search may look at, the same on every machine.

#ifndef MINOS_CHECKER_EFFORT_H_
#define MINOS_CHECKER_EFFORT_H_

#include <algorithm>
#include <cstddef>

namespace minos::checker {

class Effort {
 public:
  explicit Effort(size_t most) : left_(most) {}

  void Spend(size_t effort) { left_ -= std::min(left_, effort); }
  bool IsSpent() const { return left_ == 0; }

 private:
  size_t left_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_EFFORT_H_

// Threads that work beside the caller's, as many as the budget has to spare.

#ifndef MINOS_CHECKER_HELPER_THREADS_H_
#define MINOS_CHECKER_HELPER_THREADS_H_

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "checker/budget.h"

namespace minos::checker {

class HelperThreads {
 public:
  explicit HelperThreads(Budget& budget) : budget_(budget) {}
  // Waits for all of them.
  ~HelperThreads() = default;
  HelperThreads(const HelperThreads&) = delete;
  HelperThreads& operator=(const HelperThreads&) = delete;

  // Calls `work` once on each of up to `most` threads, and returns at once.
  void Start(size_t most, const std::function<void()>& work);
  // Waits until each has returned.
  void Join() { threads_.clear(); }

 private:
  Budget& budget_;
  std::vector<std::jthread> threads_;
};

// Calls `work(0)` to `work(count - 1)`, each once, on the caller's thread and
// as many others as the budget has to spare; returns when all are done.
void ParallelFor(size_t count, Budget& budget,
                 absl::FunctionRef<void(size_t)> work);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_HELPER_THREADS_H_

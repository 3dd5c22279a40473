#include "checker/helper_threads.h"

#include <atomic>

namespace minos::checker {

void HelperThreads::Start(size_t most, const std::function<void()>& work) {
  for (size_t i = 0; i < most && budget_.TakeThread(); ++i) {
    threads_.emplace_back([this, work] {
      work();
      budget_.ReturnThread();
    });
  }
}

void ParallelFor(size_t count, Budget& budget,
                 absl::FunctionRef<void(size_t)> work) {
  std::atomic<size_t> next = 0;
  const auto work_on = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  HelperThreads helpers(budget);
  if (count > 1) helpers.Start(count - 1, work_on);
  work_on();
}

}  // namespace minos::checker

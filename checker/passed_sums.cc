// Numbers of views are added modulo 2^64. If all that is ever added to one
// comes to less than 2^62, then from one number another is only reached if it
// is less than 2^62 ahead: seen as a signed number, the distance is not
// negative. So what is told by the sign is sound whatever the numbers stand
// for. Of later targets the nearest to the start is nearest to all that is
// reached from there, since none of that is 2^62 from the start.

#include "checker/passed_sums.h"

#include <algorithm>

namespace minos::checker {
namespace {

constexpr uint64_t kMostAdded = uint64_t{1} << 62;

// What is added to a view, all in all.
class Additions {
 public:
  void Add(uint64_t effect, size_t times) {
    const auto amount = static_cast<int64_t>(effect);
    if (amount == 0) return;
    const int sign = amount > 0 ? 1 : -1;
    is_one_way_ = is_one_way_ && (sign_ == 0 || sign_ == sign);
    sign_ = sign;
    const uint64_t size = amount > 0 ? effect : 0 - effect;
    for (size_t i = 0; i < times && total_ < kMostAdded; ++i) {
      total_ += std::min(size, kMostAdded);
    }
  }
  int sign() const { return is_one_way_ && total_ < kMostAdded ? sign_ : 0; }

 private:
  int sign_ = 0;
  bool is_one_way_ = true;
  uint64_t total_ = 0;
};

}  // namespace

PassedSums::PassedSums(const SearchProblem& problem,
                       const AdditiveObject& object,
                       std::span<const std::vector<uint64_t>> starts)
    : signs_(object.views(), 0) {
  for (size_t view = 0; view < object.views(); ++view) {
    Additions additions;
    for (const TimedOperation& each : problem.timeline.operations()) {
      additions.Add(object.Effect(each.action, view), 1);
    }
    for (const CrashKind& kind : problem.timeline.crashes()) {
      additions.Add(object.Effect(kind.action, view), kind.operations.size());
    }
    signs_[view] = additions.sign();
    is_any_one_way_ = is_any_one_way_ || is_one_way(view);
  }
  if (!is_any_one_way_ || starts.size() != 1) return;
  start_ = starts.front();
  FindLater(problem, object);
}

void PassedSums::FindLater(const SearchProblem& problem,
                           const AdditiveObject& object) {
  later_.resize(signs_.size());
  for (size_t view = 0; view < later_.size(); ++view) {
    if (is_one_way(view)) later_[view].assign(problem.end + size_t{1}, kFar);
  }
  for (uint32_t event = problem.end; event-- > 0;) {
    for (auto& later : later_) {
      if (!later.empty()) later[event] = later[event + 1];
    }
    const TimelineEvent each = problem.timeline.event(event);
    if (each.type != TimelineEvent::Type::kCall) continue;
    const TimedOperation& called = problem.timeline.operations()[each.subject];
    // What does not return before the end need not be seen.
    if (!object.Sees(called.action) || called.return_event >= problem.end) {
      continue;
    }
    const size_t view = object.ViewOf(called.action);
    if (!is_one_way(view)) continue;
    int64_t& nearest = later_[view][event];
    nearest = std::min(nearest, DistanceTo(view, object.TargetOf(called.action),
                                           start_[view]));
  }
}

int64_t PassedSums::DistanceToLater(size_t view, uint32_t event,
                                    uint64_t sum) const {
  if (later_.empty()) return kFar;
  const int64_t from_start = later_[view][event];
  if (from_start == kFar || from_start < 0) return from_start;
  return from_start - DistanceTo(view, sum, start_[view]);
}

size_t PassedSums::MemoryBytes() const {
  size_t bytes = 0;
  for (const auto& later : later_) bytes += later.capacity() * sizeof(int64_t);
  return bytes;
}

}  // namespace minos::checker

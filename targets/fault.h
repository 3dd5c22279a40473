// The kinds of faults that a run may have.

#ifndef MINOS_TARGETS_FAULT_H_
#define MINOS_TARGETS_FAULT_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace minos::targets {

// What may go wrong.
enum class FaultKind : uint8_t {
  kPartition,  // some links between nodes are cut
  kCrash,      // nodes lose their memory, and restart later
  kPause,      // nodes stand still, then go on as if nothing had been
  kClock,      // clocks jump and run at other rates
  kLoss,       // some messages are lost
  kDuplicate,  // some messages between nodes come twice
  kDelay,      // messages take long
  kReorder,    // links do not keep the order of messages
};

inline constexpr std::array kAllFaultKinds = {
    FaultKind::kPartition, FaultKind::kCrash,  FaultKind::kPause,
    FaultKind::kClock,     FaultKind::kLoss,   FaultKind::kDuplicate,
    FaultKind::kDelay,     FaultKind::kReorder};

// "partition", "crash", …
std::string_view ToString(FaultKind kind);
// What the fault does, one sentence without a full stop.
std::string_view Describe(FaultKind kind);
// nullopt if no kind is called so.
std::optional<FaultKind> FaultFromName(std::string_view name);

// A set of kinds of faults.
class FaultSet {
 public:
  constexpr FaultSet() = default;
  constexpr FaultSet(std::initializer_list<FaultKind> kinds) {
    for (FaultKind kind : kinds) Insert(kind);
  }
  static constexpr FaultSet All() {
    FaultSet set;
    for (FaultKind kind : kAllFaultKinds) set.Insert(kind);
    return set;
  }
  // The others.
  constexpr FaultSet Without(std::initializer_list<FaultKind> kinds) const {
    FaultSet set = *this;
    for (FaultKind kind : kinds) set.bits_ &= ~(1u << static_cast<int>(kind));
    return set;
  }
  constexpr void Insert(FaultKind kind) {
    bits_ |= 1u << static_cast<int>(kind);
  }
  constexpr bool contains(FaultKind kind) const {
    return (bits_ >> static_cast<int>(kind) & 1) != 0;
  }
  // True if every fault of this set is in `other`.
  constexpr bool IsSubsetOf(FaultSet other) const {
    return (bits_ & ~other.bits_) == 0;
  }
  constexpr FaultSet Intersect(FaultSet other) const {
    FaultSet set;
    set.bits_ = bits_ & other.bits_;
    return set;
  }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const FaultSet&) const = default;

 private:
  uint32_t bits_ = 0;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_FAULT_H_

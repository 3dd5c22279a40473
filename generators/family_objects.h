// What a family is made of: the objects, and what clients ask of them.

#ifndef MINOS_GENERATORS_FAMILY_OBJECTS_H_
#define MINOS_GENERATORS_FAMILY_OBJECTS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "generators/family_trace.h"
#include "history/value.h"
#include "history/value_table.h"
#include "targets/random.h"

namespace minos::generators {

// What became of a request when it reached its object.
struct Reply {
  enum class Kind : uint8_t {
    kOk,     // it took effect
    kFail,   // it did not and never will
    kWait,   // it cannot take effect yet: a lock is taken
    kNever,  // it lost its purpose while it waited
  };
  Kind kind = Kind::kOk;
  history::ValueId result = history::kNil;  // if ok

  static Reply Ok(history::ValueId result) { return {Kind::kOk, result}; }
  static Reply Fail() { return {Kind::kFail}; }
};

// The objects of a history, all of one type, and the choice of operations.
class FamilyObjects {
 public:
  virtual ~FamilyObjects() = default;

  // The next operation of `client`, of which `remaining` more may be called by
  // all clients together; nullopt if the client has come to its end.
  // REQUIRES: remaining > 0.
  virtual std::optional<Request> Choose(int client, int64_t remaining) = 0;

  // Lets `request` take effect now, at once and alone.
  virtual Reply Apply(const Request& request) = 0;

  // Operations, none of which overlaps another and none of which times out,
  // that prepare the violation; empty where any history will do.
  virtual std::vector<Request> Script() { return {}; }

  // Turns `trace` into one with a violation, as near as possible to its
  // operation number `mark`. False if there is no place for it. REQUIRES: the
  // Script was played at about `mark`.
  virtual bool Plant(size_t mark, Trace& trace) = 0;
};

// What objects are made with. `values` outlives them.
struct FamilyContext {
  history::ValueTable& values;
  targets::Random random;
  int64_t operations;
  int clients;
  int keys;
};

using MakeFamilyObjects =
    std::unique_ptr<FamilyObjects> (*)(const FamilyContext& context);

std::unique_ptr<FamilyObjects> MakeRegisters(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeFewValueRegisters(
    const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeCasRegisters(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeKeyValueStores(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeMultiRegister(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeQueues(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeUnorderedQueues(
    const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakePriorityQueues(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeStacks(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeSets(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeGrowingSets(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeLists(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeCounters(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeFewAmountCounters(
    const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeArbitraryCounters(
    const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeBank(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeMutexes(const FamilyContext& context);
std::unique_ptr<FamilyObjects> MakeFencedLocks(const FamilyContext& context);

// How many clients may hold a semaphore at once.
inline constexpr int kSemaphorePlaces = 2;
std::unique_ptr<FamilyObjects> MakeSemaphores(const FamilyContext& context);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_FAMILY_OBJECTS_H_

#include "generators/workload_registry.h"

#include <algorithm>

namespace minos::generators {
namespace {

using targets::ObjectType;
using F = targets::Function;

constexpr MixPart kReadsAndWrites[] = {{F::kRead, 1}, {F::kWrite, 1}};
constexpr MixPart kMoreReadsThanWrites[] = {{F::kRead, 2}, {F::kWrite, 1}};
constexpr MixPart kMostlyReads[] = {{F::kRead, 4}, {F::kWrite, 1}};
constexpr MixPart kWrites[] = {{F::kWrite, 1}};
constexpr MixPart kReadsWritesAndCas[] = {
    {F::kRead, 2}, {F::kWrite, 1}, {F::kCas, 2}};
constexpr MixPart kReadsAndAdds[] = {{F::kRead, 1}, {F::kAdd, 1}};
constexpr MixPart kMostlyAdds[] = {{F::kRead, 1}, {F::kAdd, 2}};
constexpr MixPart kReadsAddsAndRemoves[] = {
    {F::kRead, 2}, {F::kAdd, 2}, {F::kRemove, 1}};
constexpr MixPart kReadsAndAddsThatRead[] = {{F::kRead, 1}, {F::kAddAndGet, 1}};
constexpr MixPart kEnqueuesAndDequeues[] = {{F::kEnqueue, 1}, {F::kDequeue, 1}};
constexpr MixPart kPushesAndPops[] = {{F::kPush, 1}, {F::kPop, 1}};
constexpr MixPart kReadsAndAppends[] = {{F::kRead, 1}, {F::kAppend, 1}};
constexpr MixPart kAcquires[] = {{F::kAcquire, 1}};
constexpr MixPart kMostlyTransfers[] = {{F::kRead, 1}, {F::kTransfer, 2}};

constexpr WorkloadInfo kWorkloads[] = {
    {.name = "register",
     .summary = "Reads and writes of a few keys",
     .model = "register",
     .mix = kReadsAndWrites},
    {.name = "read-mostly",
     .summary = "Many reads of a few keys, and few writes",
     .model = "register",
     .mix = kMostlyReads,
     .default_keys = 1},
    {.name = "cas",
     .summary = "Reads, writes, and compare-and-set of the value last seen",
     .model = "cas-register",
     .mix = kReadsWritesAndCas},
    {.name = "multi-key",
     .summary = "Reads and writes of many keys",
     .model = "register",
     .mix = kReadsAndWrites,
     .default_keys = 20},
    {.name = "counter",
     .summary = "Increments of one counter, and reads",
     .model = "counter",
     .object = ObjectType::kCounter,
     .keyed = Keyed::kNo,
     .mix = kReadsAndAdds,
     .default_keys = 1},
    {.name = "counter-up-down",
     .summary = "Increments and decrements of one counter, and reads",
     .model = "counter",
     .object = ObjectType::kCounter,
     .keyed = Keyed::kNo,
     .mix = kReadsAndAdds,
     .default_keys = 1},
    {.name = "add-and-get",
     .summary = "Increments that return the new value, and reads",
     .model = "counter",
     .object = ObjectType::kCounter,
     .keyed = Keyed::kNo,
     .mix = kReadsAndAddsThatRead,
     .default_keys = 1},
    {.name = "set",
     .summary = "Adds of unique elements to sets, and reads",
     .model = "set",
     .object = ObjectType::kSet,
     .mix = kMostlyAdds,
     .default_keys = 2},
    {.name = "set-add-remove",
     .summary = "Adds and removes of few elements, and reads",
     .model = "set",
     .object = ObjectType::kSet,
     .mix = kReadsAddsAndRemoves,
     .default_keys = 2},
    {.name = "queue",
     .summary = "Enqueues and dequeues",
     .model = "fifo-queue",
     .object = ObjectType::kList,
     .mix = kEnqueuesAndDequeues,
     .default_keys = 2,
     .has_final_reads = false},
    {.name = "stack",
     .summary = "Pushes and pops",
     .model = "stack",
     .object = ObjectType::kList,
     .mix = kPushesAndPops,
     .default_keys = 2,
     .has_final_reads = false},
    {.name = "append",
     .summary = "Appends to lists, and reads of whole lists",
     .model = "list-append",
     .object = ObjectType::kList,
     .mix = kReadsAndAppends},
    {.name = "lock",
     .summary = "Acquires and releases of locks",
     .model = "mutex",
     .mix = kAcquires,
     .default_keys = 5,
     .has_final_reads = false},
    {.name = "bank",
     .summary = "Transfers between accounts, and reads of all of them",
     .model = "bank",
     .object = ObjectType::kBank,
     .keyed = Keyed::kNo,
     .mix = kMostlyTransfers,
     .default_keys = 1},
    {.name = "session-mix",
     .summary = "Reads and writes by clients that move between nodes",
     .model = "register",
     .mix = kMoreReadsThanWrites,
     .moves_between_nodes = true},
    {.name = "set-session-mix",
     .summary = "Adds and reads by clients that move between nodes",
     .model = "set",
     .object = ObjectType::kSet,
     .mix = kReadsAndAdds,
     .default_keys = 2,
     .moves_between_nodes = true},
    {.name = "reads-only-final",
     .summary = "Writes, and reads only when all has settled",
     .model = "register",
     .mix = kWrites},
};

}  // namespace

std::span<const WorkloadInfo> AllWorkloads() { return kWorkloads; }

const WorkloadInfo* FindWorkload(std::string_view name) {
  for (const WorkloadInfo& workload : kWorkloads) {
    if (workload.name == name) return &workload;
  }
  return nullptr;
}

bool HasFunction(const WorkloadInfo& workload, targets::Function function) {
  return std::any_of(
      workload.mix.begin(), workload.mix.end(),
      [&](const MixPart& part) { return part.function == function; });
}

}  // namespace minos::generators

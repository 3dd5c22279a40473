#include "generators/workload.h"

#include <algorithm>
#include <span>
#include <string>

#include "absl/strings/str_cat.h"

namespace minos::generators {
namespace {

using targets::Function;
using targets::kSecond;
using targets::Operation;
using targets::Random;

// The mix with `read_percent` reads, the others keeping their proportions.
std::vector<MixPart> WithReads(std::span<const MixPart> mix,
                               std::optional<int> read_percent) {
  if (!read_percent.has_value()) return {mix.begin(), mix.end()};
  int others = 0;
  for (const MixPart& part : mix) {
    if (part.function != Function::kRead) others += part.weight;
  }
  std::vector<MixPart> out;
  for (const MixPart& part : mix) {
    const bool is_read = part.function == Function::kRead;
    out.push_back({part.function, is_read
                                      ? *read_percent * others
                                      : (100 - *read_percent) * part.weight});
  }
  return out;
}

Function DrawFunction(const std::vector<MixPart>& mix, Random& random) {
  int total = 0;
  for (const MixPart& part : mix) total += part.weight;
  int draw = static_cast<int>(random.Below(static_cast<uint64_t>(total)));
  for (const MixPart& part : mix) {
    if (draw < part.weight) return part.function;
    draw -= part.weight;
  }
  return mix.back().function;
}

// Whether what is written is drawn as a value, and not as an amount or one of a
// few elements.
bool WritesValues(const WorkloadInfo& workload) {
  const bool adds_elements = workload.object == targets::ObjectType::kSet &&
                             !HasFunction(workload, Function::kRemove);
  return adds_elements || HasFunction(workload, Function::kWrite) ||
         HasFunction(workload, Function::kCas) ||
         HasFunction(workload, Function::kEnqueue) ||
         HasFunction(workload, Function::kPush) ||
         HasFunction(workload, Function::kAppend);
}

// Draws the operations of one run, in the order in which clients take turns.
class Planner {
 public:
  Planner(const WorkloadInfo& workload, const WorkloadOptions& options,
          Random random)
      : workload_(workload),
        options_(options),
        mix_(WithReads(workload.mix, options.read_percent)),
        keys_(options.key_shape, KeyCount()),
        random_(random),
        has_lock_(options.clients, -1) {}

  std::vector<ClientPlan> Plan() {
    std::vector<ClientPlan> clients(options_.clients);
    for (int client = 0; client < options_.clients; ++client) {
      clients[client].home = client % options_.nodes;
    }
    Nanoseconds arrival = 0;
    for (int64_t i = 0; i < options_.operations; ++i) {
      const int client = static_cast<int>(i % options_.clients);
      PlannedOperation planned;
      planned.operation = DrawOperation(client);
      if (options_.rate > 0) {
        arrival += random_.Exponential(kSecond / options_.rate);
        planned.not_before = arrival;
      } else {
        planned.think = random_.Between(0, 2 * options_.think_time);
      }
      if (workload_.moves_between_nodes) {
        planned.node = static_cast<NodeId>(random_.Below(options_.nodes));
      }
      clients[client].operations.push_back(planned);
    }
    return clients;
  }

 private:
  int32_t KeyCount() const {
    return std::max(1, options_.keys.value_or(workload_.default_keys));
  }

  int64_t DrawValue() {
    if (options_.unique_values) return next_value_++;
    return static_cast<int64_t>(random_.Below(5));
  }

  Operation DrawOperation(int client) {
    Operation operation;
    operation.function = DrawFunction(mix_, random_);
    operation.object = workload_.object;
    operation.key = workload_.keyed == Keyed::kYes ? keys_.Draw(random_) : 0;
    FillIn(client, operation);
    return operation;
  }

  void FillIn(int client, Operation& operation) {
    switch (operation.function) {
      case Function::kRead:
      case Function::kDequeue:
      case Function::kPop:
        break;
      case Function::kWrite:
      case Function::kEnqueue:
      case Function::kPush:
      case Function::kAppend:
        operation.argument = DrawValue();
        break;
      case Function::kCas:
        operation.expected = kLastSeen;
        operation.argument = DrawValue();
        break;
      case Function::kAdd:
      case Function::kAddAndGet:
        operation.argument = workload_.keyed == Keyed::kYes
                                 ? DrawElement(operation.key)
                                 : DrawIncrement();
        break;
      case Function::kRemove:
        operation.argument = DrawKnownElement(operation.key);
        break;
      case Function::kAcquire:
      case Function::kRelease:
        AlternateLock(client, operation);
        break;
      case Function::kTransfer:
        DrawTransfer(operation);
        break;
    }
  }

  // Sets have unique elements, but for workloads that remove: there an element
  // comes and goes.
  int64_t DrawElement(int32_t) {
    if (HasFunction(workload_, Function::kRemove)) {
      return static_cast<int64_t>(random_.Below(8));
    }
    return DrawValue();
  }
  int64_t DrawKnownElement(int32_t) {
    return static_cast<int64_t>(random_.Below(8));
  }

  int64_t DrawIncrement() {
    const int64_t amount = random_.Between(1, 5);
    const bool down =
        workload_.name == "counter-up-down" && random_.Chance(400'000);
    return down ? -amount : amount;
  }

  // A client releases the lock that it acquired last.
  void AlternateLock(int client, Operation& operation) {
    if (has_lock_[client] >= 0) {
      operation.function = Function::kRelease;
      operation.key = has_lock_[client];
      has_lock_[client] = -1;
    } else {
      operation.function = Function::kAcquire;
      has_lock_[client] = operation.key;
    }
  }

  void DrawTransfer(Operation& operation) {
    operation.argument = random_.Between(1, 5);
    operation.expected = static_cast<int64_t>(random_.Below(kAccounts));
    operation.other = static_cast<int64_t>(random_.Below(kAccounts - 1));
    if (operation.other >= operation.expected) ++operation.other;
  }

  const WorkloadInfo& workload_;
  const WorkloadOptions& options_;
  std::vector<MixPart> mix_;
  KeyDistribution keys_;
  Random random_;
  std::vector<int32_t> has_lock_;  // by client: the lock it has, or -1
  int64_t next_value_ = 1;
};

}  // namespace

absl::Status CheckFits(const WorkloadInfo& workload,
                       const WorkloadOptions& options) {
  const std::string name =
      absl::StrCat("the workload ", std::string(workload.name));
  const bool chooses_keys =
      options.keys.has_value() || options.key_shape != KeyShape::kUniform;
  if (chooses_keys && workload.keyed == Keyed::kNo) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has one object, and no keys to choose"));
  }
  if (options.read_percent.has_value() &&
      !HasFunction(workload, Function::kRead)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has no reads, so none can be a share of it"));
  }
  if (!options.unique_values && !WritesValues(workload)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " writes no values that could be repeated"));
  }
  return absl::OkStatus();
}

std::vector<ClientPlan> PlanClients(const WorkloadInfo& workload,
                                    const WorkloadOptions& options,
                                    targets::Random random) {
  return Planner(workload, options, random).Plan();
}

std::vector<int32_t> FinalKeys(const WorkloadInfo& workload,
                               const WorkloadOptions& options) {
  std::vector<int32_t> keys;
  if (!workload.has_final_reads) return keys;
  const int32_t count = workload.keyed == Keyed::kYes
                            ? options.keys.value_or(workload.default_keys)
                            : 1;
  for (int32_t key = 0; key < count; ++key) keys.push_back(key);
  return keys;
}

}  // namespace minos::generators

#include "generators/families.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "generators/family_objects.h"
#include "generators/family_simulation.h"
#include "generators/family_trace.h"
#include "history/event.h"
#include "history/history_builder.h"
#include "history/nearest_name.h"

namespace minos::generators {
namespace {

using history::Event;
using history::EventType;
using history::HistoryBuilder;
using history::Outcome;

constexpr int64_t kMaxOperations = 100'000'000;
constexpr int kMaxClients = 10'000;
constexpr int kMaxKeys = 10'000'000;
constexpr int64_t kMillion = 1'000'000;

// Labels of the streams of randomness.
constexpr uint64_t kChoices = 1;
constexpr uint64_t kTimes = 2;

struct Family {
  FamilyInfo info;
  MakeFamilyObjects make;
};

constexpr Family kFamilies[] = {
    {{"register", "reads and writes of unique values", "register", 1},
     &MakeRegisters},
    {{"register-few", "reads and writes of five values", "register", 1},
     &MakeFewValueRegisters},
    {{"cas", "reads, writes and compare-and-set of five values", "cas-register",
      1},
     &MakeCasRegisters},
    {{"kv", "get, put and append of strings", "kv", 1}, &MakeKeyValueStores},
    {{"multi-register",
      "transactions of up to three reads and writes of five values",
      "multi-register", 5},
     &MakeMultiRegister},
    {{"queue", "a FIFO queue of about 20 elements", "fifo-queue", 1},
     &MakeQueues},
    {{"unordered-queue", "a queue without an order, of about 20 elements",
      "unordered-queue", 1},
     &MakeUnorderedQueues},
    {{"priority-queue", "a priority queue of about 20 elements",
      "priority-queue", 1},
     &MakePriorityQueues},
    {{"stack", "a stack of about 20 elements", "stack", 1}, &MakeStacks},
    {{"set", "add, remove, contains and read of about 20 elements", "set", 1},
     &MakeSets},
    {{"g-set", "a set that only grows; one operation in ten is a read", "g-set",
      1},
     &MakeGrowingSets},
    {{"counter", "increments by one, and reads", "counter", 1}, &MakeCounters},
    {{"counter-few", "additions of 1 … 5, and reads", "counter", 1},
     &MakeFewAmountCounters},
    {{"counter-any", "additions of -100 … 100, and reads", "counter", 1},
     &MakeArbitraryCounters},
    {{"append", "appends to lists; one operation in ten is a read",
      "list-append", 1},
     &MakeLists},
    {{"bank", "transfers between accounts, and reads of all of them", "bank",
      5},
     &MakeBank},
    {{"mutex", "acquire and release of a lock", "mutex", 1}, &MakeMutexes},
    {{"lock",
      "the same of a lock that hands out tokens, in the name of a client",
      "fenced-lock", 1},
     &MakeFencedLocks},
    {{"semaphore", "acquire and release of a semaphore of 2 permits",
      "semaphore", 1, kSemaphorePlaces},
     &MakeSemaphores},
};

constexpr auto kInfos = [] {
  std::array<FamilyInfo, std::size(kFamilies)> infos{};
  for (size_t i = 0; i < infos.size(); ++i) infos[i] = kFamilies[i].info;
  return infos;
}();

absl::StatusOr<const Family*> FindFamily(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Family& family : kFamilies) {
    if (family.info.name == name) return &family;
    names.push_back(family.info.name);
  }
  return absl::NotFoundError(absl::StrFormat(
      "there is no family `%s`; did you mean `%s`?", std::string(name),
      std::string(history::NearestName(name, names))));
}

absl::Status CheckRange(std::string_view what, int64_t value, int64_t low,
                        int64_t high) {
  if (low <= value && value <= high) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s must be from %d to %d, not %d", std::string(what), low, high, value));
}

absl::Status CheckOptions(const FamilyOptions& options) {
  absl::Status status = CheckRange("the number of operations",
                                   options.operations, 1, kMaxOperations);
  status.Update(
      CheckRange("the number of clients", options.clients, 1, kMaxClients));
  if (options.keys.has_value()) {
    status.Update(CheckRange("the number of keys", *options.keys, 1, kMaxKeys));
  }
  if (!(options.info_percent >= 0 && options.info_percent <= 100)) {
    status.Update(absl::InvalidArgumentError(
        absl::StrFormat("the share of info operations must be from 0 to 100 "
                        "per cent, not %g",
                        options.info_percent)));
  }
  return status;
}

// The number of the operation at which the violation should be.
int64_t MarkOf(const FamilyOptions& options) {
  return options.operations *
         (options.violation == ViolationPlace::kEarly ? 5 : 95) / 100;
}

class Recorder {
 public:
  Recorder(const Trace& trace, HistoryBuilder& builder)
      : trace_(trace), builder_(builder) {}

  void Record() {
    for (const TraceEvent& event : trace_.events) {
      const TraceOperation& operation = trace_.operations[event.operation];
      builder_.Add(event.is_call ? CallOf(operation) : EndOf(operation));
    }
  }

 private:
  Event CallOf(const TraceOperation& operation) {
    Event event;
    event.type = EventType::kInvoke;
    event.process = builder_.values().Integer(operation.process);
    event.function = operation.request.function;
    event.key = operation.request.key;
    event.value = operation.request.argument;
    event.time = operation.call_time;
    event.position = {.line = ++line_, .column = 1};
    return event;
  }

  Event EndOf(const TraceOperation& operation) {
    Event event = CallOf(operation);
    event.time = operation.completion_time;
    switch (operation.outcome) {
      case Outcome::kOk:
        event.type = EventType::kOk;
        event.value = operation.result;
        break;
      case Outcome::kFail:
        event.type = EventType::kFail;
        break;
      case Outcome::kInfo:
        event.type = EventType::kInfo;
        break;
    }
    return event;
  }

  const Trace& trace_;
  HistoryBuilder& builder_;
  uint32_t line_ = 0;
};

}  // namespace

std::string_view ToString(ViolationPlace place) {
  switch (place) {
    case ViolationPlace::kNone:
      return "none";
    case ViolationPlace::kEarly:
      return "early";
    case ViolationPlace::kLate:
      return "late";
  }
  return "none";
}

std::optional<ViolationPlace> ViolationPlaceFromName(std::string_view name) {
  for (const ViolationPlace place :
       {ViolationPlace::kNone, ViolationPlace::kEarly, ViolationPlace::kLate}) {
    if (ToString(place) == name) return place;
  }
  return std::nullopt;
}

std::span<const FamilyInfo> AllFamilies() { return kInfos; }

absl::StatusOr<history::History> GenerateFamily(std::string_view name,
                                                const FamilyOptions& options) {
  const absl::StatusOr<const Family*> family = FindFamily(name);
  if (!family.ok()) return family.status();
  const absl::Status status = CheckOptions(options);
  if (!status.ok()) return status;

  HistoryBuilder builder{std::string(name)};
  const targets::Random random(options.seed);
  const std::unique_ptr<FamilyObjects> objects = (*family)->make(
      {.values = builder.values(),
       .random = random.Split(kChoices),
       .operations = options.operations,
       .clients = options.clients,
       .keys = options.keys.value_or((*family)->info.default_keys)});

  SimulationOptions simulation;
  simulation.operations = options.operations;
  simulation.clients = options.clients;
  simulation.info_parts = std::llround(options.info_percent *
                                       (static_cast<double>(kMillion) / 100));
  simulation.random = random.Split(kTimes);
  const bool has_violation = options.violation != ViolationPlace::kNone;
  if (has_violation) simulation.script = objects->Script();
  const auto script_size = static_cast<int64_t>(simulation.script.size());
  simulation.script_start =
      std::min(MarkOf(options), options.operations - script_size);
  const absl::Status no_room = absl::InvalidArgumentError(
      absl::StrFormat("%d operations have no room for the violation; ask for "
                      "more of them",
                      options.operations));
  if (simulation.script_start < 0) return no_room;

  Trace trace = Simulate(simulation, *objects);
  if (has_violation &&
      !objects->Plant(static_cast<size_t>(MarkOf(options)), trace)) {
    return no_room;
  }
  Recorder(trace, builder).Record();
  return std::move(builder).Build();
}

}  // namespace minos::generators

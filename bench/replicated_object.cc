#include "bench/replicated_object.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "history/event.h"
#include "history/hash.h"
#include "history/history_builder.h"

namespace minos::bench {
namespace {

using history::Event;
using history::EventType;
using history::History;
using history::HistoryBuilder;
using history::kNil;
using history::ValueId;

constexpr ReplicatedObjectInfo kObjects[] = {
    {ReplicatedObject::kRegister, "register", "register"},
    {ReplicatedObject::kFewRegister, "register-few", "register"},
    {ReplicatedObject::kCas, "cas", "cas-register"},
    {ReplicatedObject::kKeys, "kv", "register"},
    {ReplicatedObject::kFewKeys, "kv-few", "register"},
    {ReplicatedObject::kCounter, "counter", "counter"},
    {ReplicatedObject::kUpDown, "counter-any", "counter"},
    {ReplicatedObject::kSet, "set", "set"},
    {ReplicatedObject::kList, "append", "list-append"},
    {ReplicatedObject::kQueue, "queue", "fifo-queue"},
    {ReplicatedObject::kStack, "stack", "stack"},
};

// A replica is never more updates behind than this.
constexpr size_t kMostBehind = 30;

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  int Below(int n) {
    state_ += 0x9E3779B97F4A7C15u;
    return static_cast<int>(
        (MixHash(state_) >> 32) * static_cast<uint64_t>(n) >> 32);
  }

 private:
  uint64_t state_;
};

enum class Function : uint8_t {
  kRead,
  kWrite,
  kCas,
  kAdd,
  kRemove,
  kContains,
  kAppend,
  kPut,   // enqueue or push
  kTake,  // dequeue or pop
};

struct Operation {
  Function function = Function::kRead;
  int key = 0;
  int64_t argument = 0;
  int64_t replacement = 0;  // of kCas
};

bool IsRead(const Operation& operation) {
  return operation.function == Function::kRead ||
         operation.function == Function::kContains;
}
bool ReturnsSomething(const Operation& operation) {
  return operation.function == Function::kCas ||
         operation.function == Function::kTake;
}

// What all keys hold.
using State = std::map<int, std::deque<int64_t>>;

void Apply(ReplicatedObject object, const Operation& operation, State& state) {
  std::deque<int64_t>& held = state[operation.key];
  switch (operation.function) {
    case Function::kRead:
    case Function::kContains:
      return;
    case Function::kWrite:
      held.assign(1, operation.argument);
      return;
    case Function::kCas:
      held.assign(1, operation.replacement);
      return;
    case Function::kAdd: {
      if (object != ReplicatedObject::kSet) {
        held.resize(1, 0);
        held.front() += operation.argument;
        return;
      }
      const auto place =
          std::lower_bound(held.begin(), held.end(), operation.argument);
      if (place == held.end() || *place != operation.argument) {
        held.insert(place, operation.argument);
      }
      return;
    }
    case Function::kRemove:
      std::erase(held, operation.argument);
      return;
    case Function::kAppend:
    case Function::kPut:
      held.push_back(operation.argument);
      return;
    case Function::kTake:
      if (held.empty()) return;
      if (object == ReplicatedObject::kQueue) {
        held.pop_front();
      } else {
        held.pop_back();
      }
      return;
  }
}

struct Client {
  int process = 0;
  bool is_open = false;
  Operation operation;
  std::deque<Operation> unlogged;
  State replica;
  size_t position = 0;  // of the replica in the log
  size_t own = 0;       // how much of the log its next read must have seen
};

class Simulation {
 public:
  Simulation(ReplicatedObject object, const ReplicatedOptions& options)
      : object_(object),
        options_(options),
        random_(options.seed),
        builder_("replicated"),
        clients_(static_cast<size_t>(options.processes)) {
    for (size_t c = 0; c < clients_.size(); ++c) {
      clients_[c].process = static_cast<int>(c);
    }
  }

  History Run() && {
    size_t open = 0;
    while (called_ < options_.operations || open > 0) {
      LogSome();
      Client& client = clients_[static_cast<size_t>(
          random_.Below(static_cast<int>(clients_.size())))];
      if (client.is_open) {
        Complete(client);
        client.is_open = false;
        --open;
      } else if (called_ < options_.operations) {
        client.operation = Choose();
        client.is_open = true;
        ++open;
        ++called_;
        Record(client, EventType::kInvoke, kNil);
      }
    }
    return std::move(builder_).Build();
  }

 private:
  int64_t NextValue(bool is_unique) {
    return is_unique ? next_value_++ : random_.Below(5);
  }

  Operation Choose() {
    using enum ReplicatedObject;
    Operation operation;
    const bool is_even = random_.Below(2) == 0;
    switch (object_) {
      case kRegister:
      case kFewRegister:
      case kKeys:
      case kFewKeys:
        if (object_ == kKeys || object_ == kFewKeys) {
          operation.key = random_.Below(10);
        }
        if (is_even) break;
        operation.function = Function::kWrite;
        operation.argument =
            NextValue(object_ == kRegister || object_ == kKeys);
        break;
      case kCas:
        if (is_even) break;
        operation.function =
            random_.Below(2) == 0 ? Function::kWrite : Function::kCas;
        operation.argument = NextValue(false);
        operation.replacement = NextValue(false);
        break;
      case kCounter:
        if (is_even) break;
        operation.function = Function::kAdd;
        operation.argument = 1 + random_.Below(5);
        break;
      case kUpDown:
        if (is_even) break;
        operation.function = Function::kAdd;
        operation.argument = random_.Below(11) - 5;
        break;
      case kSet: {
        constexpr Function kFunctions[] = {Function::kAdd, Function::kRemove,
                                           Function::kContains,
                                           Function::kRead};
        operation.function = kFunctions[random_.Below(4)];
        operation.argument = random_.Below(8);
        break;
      }
      case kList:
        if (random_.Below(10) == 0) break;
        operation.function = Function::kAppend;
        operation.argument = NextValue(true);
        break;
      case kQueue:
      case kStack:
        operation.function = is_even ? Function::kTake : Function::kPut;
        if (!is_even) operation.argument = NextValue(true);
        break;
    }
    // A fresh list now and then keeps the reads short.
    if (object_ == kList) operation.key = called_ / 100;
    return operation;
  }

  void LogFirst(Client& client) {
    Apply(object_, client.unlogged.front(), state_);
    log_.push_back(client.unlogged.front());
    client.unlogged.pop_front();
    client.own = log_.size();
  }
  void LogSome() {
    for (Client& client : clients_) {
      if (!client.unlogged.empty() && random_.Below(6) == 0) LogFirst(client);
    }
  }

  void Follow(Client& client, size_t position) {
    for (; client.position < position; ++client.position) {
      Apply(object_, log_[client.position], client.replica);
    }
  }

  void Complete(Client& client) {
    const Operation& operation = client.operation;
    const bool times_out = random_.Below(100) < options_.info_percent;
    if (times_out) return TimeOut(client);
    if (!IsRead(operation) && !ReturnsSomething(operation)) {
      client.unlogged.push_back(operation);
      return Record(client, EventType::kOk, kNil);
    }
    while (!client.unlogged.empty()) LogFirst(client);
    if (IsRead(operation)) return Read(client);
    if (operation.function == Function::kCas &&
        (state_[operation.key].empty() ||
         state_[operation.key].front() != operation.argument)) {
      return Record(client, EventType::kFail, kNil);
    }
    ValueId result = kNil;
    if (operation.function == Function::kTake) {
      result = Take(operation.key);
    } else {
      Apply(object_, operation, state_);
    }
    log_.push_back(operation);
    client.own = log_.size();
    Record(client, EventType::kOk, result);
  }

  ValueId Take(int key) {
    std::deque<int64_t>& held = state_[key];
    if (held.empty()) return kNil;
    const bool is_wrong = IsDue() && held.size() > 1;
    const bool from_front = (object_ == ReplicatedObject::kQueue) != is_wrong;
    if (is_wrong) is_done_ = true;
    const int64_t taken = from_front ? held.front() : held.back();
    if (from_front) {
      held.pop_front();
    } else {
      held.pop_back();
    }
    return builder_.values().Integer(taken);
  }

  // Nobody learns whether it took effect; the client goes on under another
  // name.
  void TimeOut(Client& client) {
    Record(client, EventType::kInfo, kNil);
    const Operation operation = client.operation;
    if (!IsRead(operation) && random_.Below(2) == 0) {
      if (!ReturnsSomething(operation)) {
        client.unlogged.push_back(operation);
        while (!client.unlogged.empty()) LogFirst(client);
      } else if (operation.function == Function::kTake) {
        while (!client.unlogged.empty()) LogFirst(client);
        Apply(object_, operation, state_);
        log_.push_back(operation);
      }
    }
    while (!client.unlogged.empty()) LogFirst(client);
    client.process += options_.processes;
  }

  bool IsDue() const {
    return options_.is_faulty && !is_done_ &&
           called_ > options_.operations * 95 / 100;
  }

  void Read(Client& client) {
    const size_t least = std::max(client.own, client.position);
    const size_t lag = static_cast<size_t>(random_.Below(
        static_cast<int>(std::min(kMostBehind, log_.size()) + 1)));
    const size_t position =
        std::max({least, client.position, log_.size() - lag});
    Follow(client, position);
    if (IsDue()) {
      State old;
      const size_t back = std::min<size_t>(
          position, static_cast<size_t>(1 + random_.Below(40)));
      for (size_t i = 0; i + back < position; ++i) Apply(object_, log_[i], old);
      if (old[client.operation.key] != client.replica[client.operation.key]) {
        is_done_ = true;
        return Record(client, EventType::kOk, Seen(client.operation, old));
      }
    }
    Record(client, EventType::kOk, Seen(client.operation, client.replica));
  }

  ValueId Seen(const Operation& operation, State& state) {
    history::ValueTable& values = builder_.values();
    const std::deque<int64_t>& held = state[operation.key];
    if (operation.function == Function::kContains) {
      return std::count(held.begin(), held.end(), operation.argument) > 0
                 ? history::kTrue
                 : history::kFalse;
    }
    if (object_ == ReplicatedObject::kSet ||
        object_ == ReplicatedObject::kList) {
      std::vector<ValueId> elements;
      for (const int64_t element : held) {
        elements.push_back(values.Integer(element));
      }
      return values.List(elements);
    }
    const bool is_counter = object_ == ReplicatedObject::kCounter ||
                            object_ == ReplicatedObject::kUpDown;
    if (held.empty()) return is_counter ? values.Integer(0) : kNil;
    return values.Integer(held.front());
  }

  std::string_view NameOf(Function function) const {
    switch (function) {
      case Function::kRead:
        return "read";
      case Function::kWrite:
        return "write";
      case Function::kCas:
        return "cas";
      case Function::kAdd:
        return "add";
      case Function::kRemove:
        return "remove";
      case Function::kContains:
        return "contains";
      case Function::kAppend:
        return "append";
      case Function::kPut:
        return object_ == ReplicatedObject::kQueue ? "enqueue" : "push";
      case Function::kTake:
        return object_ == ReplicatedObject::kQueue ? "dequeue" : "pop";
    }
    return "";
  }

  // `result` counts only for an operation that returns something.
  void Record(const Client& client, EventType type, ValueId result) {
    history::ValueTable& values = builder_.values();
    const Operation& operation = client.operation;
    Event event;
    event.type = type;
    event.process = values.Integer(client.process);
    event.function = values.Keyword(NameOf(operation.function));
    const bool has_keys = object_ == ReplicatedObject::kKeys ||
                          object_ == ReplicatedObject::kFewKeys ||
                          object_ == ReplicatedObject::kList;
    if (has_keys) event.key = values.Integer(operation.key);
    const bool returns =
        IsRead(operation) || operation.function == Function::kTake;
    if (type == EventType::kOk && returns) {
      event.value = result;
    } else if (operation.function == Function::kCas) {
      const std::array pair = {values.Integer(operation.argument),
                               values.Integer(operation.replacement)};
      event.value = values.List(pair);
    } else if (operation.function == Function::kRead ||
               operation.function == Function::kTake) {
      event.value = kNil;
    } else {
      event.value = values.Integer(operation.argument);
    }
    builder_.Add(event);
  }

  ReplicatedObject object_;
  ReplicatedOptions options_;
  Random random_;
  HistoryBuilder builder_;
  std::vector<Client> clients_;
  std::vector<Operation> log_;
  State state_;  // after all of the log
  int called_ = 0;
  int64_t next_value_ = 1;
  bool is_done_ = false;  // the fault
};

}  // namespace

std::span<const ReplicatedObjectInfo> AllReplicatedObjects() {
  return kObjects;
}

History MakeReplicatedHistory(ReplicatedObject object,
                              const ReplicatedOptions& options) {
  return Simulation(object, options).Run();
}

}  // namespace minos::bench

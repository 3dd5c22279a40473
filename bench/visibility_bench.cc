// The models of visibility on histories of a million operations.
//
// The histories come from a store of replicas, one a session, that applies
// remote writes in causal order after a random delay and lets the write with
// the higher (logical time, session) win: causally convergent, and far from
// linearizable.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/visibility.h"
#include "history/hash.h"
#include "history/history_builder.h"

namespace minos::checker {
namespace {

using history::Event;
using history::EventType;
using history::History;
using history::HistoryBuilder;
using history::ValueId;

class Random {
 public:
  uint32_t Below(uint32_t n) {
    state_ += 0x9E3779B97F4A7C15u;
    return static_cast<uint32_t>((MixHash(state_) >> 32) * n >> 32);
  }

 private:
  uint64_t state_ = 1;
};

// A write as replicas exchange it: it may be applied by who has applied the
// first depends[s] writes of each session s.
struct Message {
  uint32_t key;
  int64_t value;
  uint64_t stamp;  // who wins: logical time, then session
  std::vector<uint32_t> depends;
};

struct Replica {
  std::vector<std::pair<uint64_t, int64_t>> store;  // by key: stamp, value
  std::vector<uint32_t> applied;                    // by session
  uint64_t clock = 0;
};

class CausalStore {
 public:
  CausalStore(uint32_t sessions, uint32_t keys)
      : log_(sessions), replicas_(sessions) {
    for (Replica& replica : replicas_) {
      replica.store.resize(keys);
      replica.applied.resize(sessions);
    }
  }

  // A replica catches up with one other, by at most `most` writes.
  void Deliver(uint32_t to, uint32_t from, uint32_t most) {
    Replica& replica = replicas_[to];
    while (most-- > 0 && replica.applied[from] < log_[from].size()) {
      const Message& message = log_[from][replica.applied[from]];
      for (size_t s = 0; s < replicas_.size(); ++s) {
        if (message.depends[s] > replica.applied[s]) return;
      }
      Apply(replica, message);
      ++replica.applied[from];
    }
  }
  void Write(uint32_t session, uint32_t key, int64_t value) {
    Replica& replica = replicas_[session];
    Message message{key, value, (++replica.clock << 16) | session,
                    replica.applied};
    Apply(replica, message);
    log_[session].push_back(std::move(message));
    ++replica.applied[session];
  }
  int64_t Read(uint32_t session, uint32_t key) const {
    return replicas_[session].store[key].second;
  }

 private:
  static void Apply(Replica& replica, const Message& message) {
    replica.clock = std::max(replica.clock, message.stamp >> 16);
    auto& entry = replica.store[message.key];
    entry = std::max(entry, std::pair(message.stamp, message.value));
  }

  std::vector<std::vector<Message>> log_;
  std::vector<Replica> replicas_;
};

History MakeHistory(uint32_t operations, uint32_t sessions, uint32_t keys) {
  HistoryBuilder builder("bench");
  history::ValueTable& values = builder.values();
  const ValueId read = values.Keyword("read");
  const ValueId write = values.Keyword("write");
  CausalStore store(sessions, keys);
  Random random;
  int64_t next = 1;
  for (uint32_t i = 0; i < operations; ++i) {
    const uint32_t session = random.Below(sessions);
    const uint32_t key = random.Below(keys);
    store.Deliver(session, random.Below(sessions), 1 + random.Below(8));
    store.Deliver(session, random.Below(sessions), 1 + random.Below(8));
    Event event;
    event.process = values.Integer(session);
    event.key = values.Integer(key);
    const bool is_read = random.Below(2) == 0;
    event.function = is_read ? read : write;
    if (!is_read) {
      event.value = values.Integer(next);
      store.Write(session, key, next++);
    }
    builder.Add(event);
    event.type = EventType::kOk;
    if (is_read) {
      const int64_t value = store.Read(session, key);
      event.value = value == 0 ? history::kNil : values.Integer(value);
    }
    builder.Add(event);
  }
  return std::move(builder).Build();
}

const History& SharedHistory(uint32_t operations) {
  static std::map<uint32_t, History>* const histories =
      new std::map<uint32_t, History>;
  const auto found = histories->find(operations);
  if (found != histories->end()) return found->second;
  return histories->emplace(operations, MakeHistory(operations, 20, 1000))
      .first->second;
}

void BM_Visibility(benchmark::State& state, const std::string& consistency) {
  const History& history = SharedHistory(static_cast<uint32_t>(state.range(0)));
  const ModelInfo& model = **FindModel("register");
  const Partitioning partitioning =
      *SplitByKey(history, model, KeyChoice::kAuto);
  size_t bytes = 0;
  for (auto _ : state) {
    Budget budget({});
    auto result = CheckVisibility(history, model, partitioning, {}, consistency,
                                  {}, budget);
    if (!result.ok() || result->verdict == Verdict::kUnknown) {
      state.SkipWithError("no verdict");
      break;
    }
    bytes = result->memory_bytes;
    state.SetLabel(std::string(ToString(result->verdict)));
  }
  state.counters["bytes/op"] =
      static_cast<double>(bytes) / static_cast<double>(history.size());
}

}  // namespace

void RegisterVisibilityBenchmarks() {
  for (const char* name :
       {"read-your-writes", "monotonic-reads", "monotonic-writes",
        "writes-follow-reads", "pram", "session", "coherence", "causal",
        "causal-convergence", "causal-memory"}) {
    auto* bench = benchmark::RegisterBenchmark(
        name, [name](benchmark::State& state) { BM_Visibility(state, name); });
    bench->Arg(1000000)->Unit(benchmark::kMillisecond);
    if (std::string(name) == "causal-memory") bench->Arg(250000);
  }
}

}  // namespace minos::checker

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  minos::checker::RegisterVisibilityBenchmarks();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

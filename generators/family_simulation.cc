#include "generators/family_simulation.h"

#include <queue>
#include <utility>

namespace minos::generators {
namespace {

using history::Nanoseconds;
using history::Outcome;

constexpr Nanoseconds kMicrosecond = 1'000;
// An operation takes one millisecond on average.
constexpr Nanoseconds kShortestOperation = 100 * kMicrosecond;
constexpr Nanoseconds kLongestOperation = 1'900 * kMicrosecond;
// Between the return of an operation and the call of the next.
constexpr Nanoseconds kLongestPause = 20 * kMicrosecond;
// How long after its call an operation that timed out may take effect.
constexpr Nanoseconds kLongestDelay = 20'000 * kMicrosecond;
// Of a million operations that timed out, how many take effect.
constexpr int64_t kDelayedParts = 500'000;

class Simulation {
 public:
  Simulation(const SimulationOptions& options, FamilyObjects& objects)
      : options_(options),
        objects_(objects),
        random_(options.random),
        time_outs_(static_cast<size_t>(options.clients), 0) {}

  Trace Run();

 private:
  enum class Step : uint8_t {
    kCall,      // by a client
    kEffect,    // of an operation
    kComplete,  // of an operation
  };
  struct Moment {
    Nanoseconds time;
    uint64_t order;  // of moments at one time, in which they were planned
    Step step;
    uint32_t subject;
    bool operator>(const Moment& other) const {
      return std::pair(time, order) > std::pair(other.time, other.order);
    }
  };

  void Plan(Nanoseconds time, Step step, uint32_t subject) {
    moments_.push({time, planned_++, step, subject});
  }
  void PlanCall(uint32_t client) {
    Plan(now_ + random_.Between(0, kLongestPause), Step::kCall, client);
  }
  int64_t Remaining() const {
    return options_.operations - static_cast<int64_t>(trace_.operations.size());
  }
  int64_t UnplayedScript() const {
    return static_cast<int64_t>(options_.script.size() - script_played_);
  }

  void Call(uint32_t client);
  void PlayScript(uint32_t client);
  void Begin(uint32_t client, const Request& request, bool is_scripted);
  void PlanOrdinary(uint32_t operation, bool times_out);
  void TakeEffect(uint32_t operation);
  bool Settle(uint32_t operation);
  void Complete(uint32_t operation);

  const SimulationOptions& options_;
  FamilyObjects& objects_;
  targets::Random random_;
  Nanoseconds now_ = 0;
  uint64_t planned_ = 0;
  std::priority_queue<Moment, std::vector<Moment>, std::greater<>> moments_;
  Trace trace_;
  std::vector<int64_t> time_outs_;  // by client
  std::vector<bool> times_out_;     // by operation
  // When an operation returns that does not have to wait.
  std::vector<Nanoseconds> return_times_;
  std::vector<uint32_t> waiting_;  // operations that could not take effect
  size_t script_played_ = 0;
  bool script_is_busy_ = false;
};

void Simulation::Begin(uint32_t client, const Request& request,
                       bool is_scripted) {
  TraceOperation operation;
  operation.request = request;
  operation.request.client = static_cast<int>(client);
  operation.process = client + time_outs_[client] * options_.clients;
  operation.is_scripted = is_scripted;
  trace_.Call(operation, now_);
}

void Simulation::PlanOrdinary(uint32_t operation, bool times_out) {
  const Nanoseconds duration =
      random_.Between(kShortestOperation, kLongestOperation);
  times_out_.push_back(times_out);
  return_times_.push_back(now_ + duration);
  if (!times_out) {
    Plan(now_ + random_.Between(0, duration), Step::kEffect, operation);
    return;
  }
  Plan(now_ + duration, Step::kComplete, operation);
  if (random_.Chance(kDelayedParts)) {
    Plan(now_ + random_.Between(0, kLongestDelay), Step::kEffect, operation);
  }
}

// The operations of the script are the shortest, to be done before the others
// have gone far.
void Simulation::PlayScript(uint32_t client) {
  if (script_is_busy_) return PlanCall(client);
  const auto operation = static_cast<uint32_t>(trace_.operations.size());
  Begin(client, options_.script[script_played_++], true);
  script_is_busy_ = true;
  times_out_.push_back(false);
  return_times_.push_back(now_ + kShortestOperation);
  Plan(now_ + random_.Between(0, kShortestOperation), Step::kEffect, operation);
}

void Simulation::Call(uint32_t client) {
  if (Remaining() <= 0) return;
  const auto operation = static_cast<uint32_t>(trace_.operations.size());
  const bool script_is_due =
      UnplayedScript() > 0 && operation >= options_.script_start;
  // The last calls are kept for what is left of the script.
  if (script_is_due && (!script_is_busy_ || Remaining() <= UnplayedScript())) {
    return PlayScript(client);
  }
  const std::optional<Request> request =
      objects_.Choose(static_cast<int>(client), Remaining() - UnplayedScript());
  if (!request.has_value()) return;
  Begin(client, *request, false);
  PlanOrdinary(operation,
               request->may_time_out && random_.Chance(options_.info_parts));
}

// True if `operation` need not wait (any longer).
bool Simulation::Settle(uint32_t operation) {
  TraceOperation& settled = trace_.operations[operation];
  const Reply reply = objects_.Apply(settled.request);
  if (reply.kind == Reply::Kind::kWait) return false;
  if (times_out_[operation]) return true;
  settled.outcome =
      reply.kind == Reply::Kind::kOk ? Outcome::kOk : Outcome::kFail;
  settled.result = reply.result;
  // Who had to wait gets the answer soon.
  const Nanoseconds soon = now_ + random_.Between(1, kShortestOperation);
  const bool is_late = return_times_[operation] < now_;
  Plan(is_late ? soon : return_times_[operation], Step::kComplete, operation);
  return true;
}

void Simulation::TakeEffect(uint32_t operation) {
  if (!Settle(operation)) {
    waiting_.push_back(operation);
    return;
  }
  std::vector<uint32_t> still_waiting;
  for (const uint32_t waiter : waiting_) {
    if (!Settle(waiter)) still_waiting.push_back(waiter);
  }
  waiting_ = std::move(still_waiting);
}

void Simulation::Complete(uint32_t operation) {
  trace_.Complete(operation, now_);
  const TraceOperation& completed = trace_.operations[operation];
  const auto client = static_cast<uint32_t>(completed.request.client);
  if (completed.is_scripted) script_is_busy_ = false;
  if (times_out_[operation]) ++time_outs_[client];
  PlanCall(client);
}

Trace Simulation::Run() {
  for (int client = 0; client < options_.clients; ++client) {
    PlanCall(static_cast<uint32_t>(client));
  }
  while (!moments_.empty()) {
    const Moment moment = moments_.top();
    moments_.pop();
    now_ = moment.time;
    switch (moment.step) {
      case Step::kCall:
        Call(moment.subject);
        break;
      case Step::kEffect:
        TakeEffect(moment.subject);
        break;
      case Step::kComplete:
        Complete(moment.subject);
        break;
    }
  }
  return std::move(trace_);
}

}  // namespace

Trace Simulate(const SimulationOptions& options, FamilyObjects& objects) {
  return Simulation(options, objects).Run();
}

}  // namespace minos::generators

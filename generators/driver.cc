#include "generators/driver.h"

#include <algorithm>

namespace minos::generators {
namespace {

using history::EventType;
using targets::Answer;
using targets::AnswerStatus;
using targets::Function;
using targets::kMillisecond;
using targets::kNilValue;
using targets::kNoNode;
using targets::Operation;
using targets::ProcessId;
using targets::Random;
using targets::Request;
using targets::RetryPolicy;

// How long a client waits before it asks again after having been turned away.
constexpr Nanoseconds kBackoff = 10 * kMillisecond;

// An alarm, its thread or fault, and a serial number, in one word.
constexpr int kIndexBits = 20;
constexpr int kAlarmBits = 4;

bool HasFaultsInWait(const Recipe& recipe) {
  return std::any_of(
      recipe.faults.begin(), recipe.faults.end(),
      [](const PlannedFault& fault) { return fault.rarity > 0; });
}

}  // namespace

Driver::Driver(const targets::TargetInfo& target, const WorkloadInfo& workload,
               const targets::Settings& settings, const Recipe& recipe,
               const ExecuteOptions& options)
    : target_(target),
      settings_(settings),
      recipe_(recipe),
      object_(workload.object),
      recorder_(options.history_name, workload.keyed),
      world_({recipe.nodes, recipe.seed, recipe.network, options.trace,
              recipe.luck, options.coverage, HasFaultsInWait(recipe)},
             *this),
      cluster_(
          target.make_cluster(world_, settings, Random(recipe.seed).Split(1))),
      faults_(recipe, world_, recorder_) {}

Run Driver::Drive() && {
  run_.issued_at.resize(recipe_.clients.size());
  world_.Start(*cluster_);
  for (size_t i = 0; i < recipe_.faults.size(); ++i) {
    SetAlarm(recipe_.faults[i].start, Alarm::kFaultBegins, i, 0);
  }
  StartThreads(recipe_.clients);
  if (running_ == 0) EndLoad();
  while (!is_done_ && world_.RunNext()) {
  }
  run_.end = world_.now();
  run_.counters = world_.counters();
  run_.faults = std::move(faults_).TakeFaults();
  run_.coverage = world_.coverage();
  run_.trace = std::move(world_.trace());
  run_.history = std::move(recorder_).Finish();
  return std::move(run_);
}

void Driver::SetAlarm(Nanoseconds delay, Alarm alarm, size_t index,
                      int64_t serial) {
  const int64_t tag = (serial << (kIndexBits + kAlarmBits)) |
                      (static_cast<int64_t>(index) << kAlarmBits) |
                      static_cast<int64_t>(alarm);
  world_.SetHostTimer(delay, tag);
}

void Driver::OnHostTimer(int64_t tag) {
  const auto alarm = static_cast<Alarm>(tag & ((1 << kAlarmBits) - 1));
  const size_t index = (tag >> kAlarmBits) & ((1 << kIndexBits) - 1);
  const int64_t serial = tag >> (kIndexBits + kAlarmBits);
  switch (alarm) {
    case Alarm::kIssue:
      return Issue(index);
    case Alarm::kAttempt:
      if (threads_[index].serial == serial) OnAttemptTimeout(index);
      return;
    case Alarm::kRetry:
      if (threads_[index].serial == serial) Attempt(index);
      return;
    case Alarm::kFaultBegins:
      if (running_ == 0 || is_final_) return;
      if (faults_.LiesInWait(index)) return faults_.Await(index);
      faults_.Begin(index);
      SetAlarm(recipe_.faults[index].duration, Alarm::kFaultEnds, index, 0);
      return NoteFaults();
    case Alarm::kFaultEnds:
      faults_.End(index);
      return NoteFaults();
    case Alarm::kSettled:
      return BeginFinalReads();
  }
}

void Driver::OnEvent(NodeId node, std::string_view name) {
  const auto index = faults_.Notice(node, name);
  if (!index.has_value()) return;
  SetAlarm(faults_.fault(*index).start - world_.now(), Alarm::kFaultBegins,
           *index, 0);
}

void Driver::StartThreads(const std::vector<ClientPlan>& plans) {
  threads_ = std::vector<Thread>(plans.size());
  running_ = 0;
  for (size_t index = 0; index < plans.size(); ++index) {
    Thread& thread = threads_[index];
    thread.plan = &plans[index];
    thread.process = static_cast<ProcessId>(thread_of_process_.size());
    thread.free_since = world_.now();
    thread_of_process_.push_back(static_cast<int>(index));
    BeginSession(thread);
    if (thread.plan->operations.empty()) continue;
    ++running_;
    ScheduleNext(index);
  }
}

void Driver::BeginSession(Thread& thread) {
  targets::Session::Context context;
  context.process = thread.process;
  context.home = thread.plan->home % world_.node_count();
  context.world = &world_;
  context.settings = &settings_;
  thread.session = target_.make_session(context);
  thread.sequence = 0;
}

void Driver::ScheduleNext(size_t index) {
  const Thread& thread = threads_[index];
  const PlannedOperation& planned = thread.plan->operations[thread.next];
  const Nanoseconds at =
      std::max(thread.free_since + planned.think, planned.not_before);
  SetAlarm(std::max<Nanoseconds>(0, at - world_.now()), Alarm::kIssue, index,
           0);
}

// Completes an operation that depends on what the thread knows; false if it
// makes no sense now.
bool Driver::FillIn(Thread& thread, Operation& operation) const {
  if (operation.function == Function::kCas && operation.expected == kLastSeen) {
    const auto seen = thread.last_seen.find(operation.key);
    operation.expected =
        seen == thread.last_seen.end() ? kNilValue : seen->second;
  }
  return operation.function != Function::kRelease || thread.holds_lock;
}

void Driver::Issue(size_t index) {
  Thread& thread = threads_[index];
  const PlannedOperation& planned = thread.plan->operations[thread.next++];
  if (!is_final_) run_.issued_at[index].push_back(world_.now());
  thread.operation = planned.operation;
  if (!FillIn(thread, thread.operation)) return Complete(index);
  thread.wanted = (planned.node == kNoNode ? thread.plan->home : planned.node) %
                  world_.node_count();
  thread.is_busy = true;
  thread.request = next_request_++;
  thread.called_at = world_.now();
  thread.attempt = 0;
  thread.was_unanswered = false;
  thread.redirect = kNoNode;
  ++thread.sequence;
  recorder_.Invoke(world_.now(), thread.process, thread.operation, is_final_);
  Attempt(index);
}

void Driver::Attempt(size_t index) {
  Thread& thread = threads_[index];
  const NodeId node =
      thread.redirect != kNoNode
          ? thread.redirect
          : thread.session->Route(thread.operation, thread.wanted,
                                  thread.attempt);
  if (node == kNoNode) return GiveUp(index);
  Request request;
  request.id = thread.request;
  request.process = thread.process;
  request.sequence = thread.sequence;
  request.attempt = thread.attempt++;
  request.operation = thread.operation;
  thread.session->Prepare(request);
  thread.redirect = kNoNode;
  thread.is_awaiting = true;
  ++thread.serial;
  SetAlarm(AttemptTimeout(thread), Alarm::kAttempt, index, thread.serial);
  world_.SendRequest(node, std::move(request));
}

bool Driver::MayRetry(const Thread& thread) const {
  switch (target_.client.retry) {
    case RetryPolicy::kNever:
      return false;
    case RetryPolicy::kReads:
      return targets::IsRead(thread.operation.function);
    case RetryPolicy::kAll:
      return true;
  }
  return false;
}

Nanoseconds Driver::AttemptTimeout(const Thread& thread) const {
  const Nanoseconds left =
      thread.called_at + target_.client.operation_timeout - world_.now();
  if (!MayRetry(thread)) return std::max<Nanoseconds>(left, 1);
  return std::clamp<Nanoseconds>(left, 1, target_.client.attempt_timeout);
}

void Driver::OnAttemptTimeout(size_t index) {
  Thread& thread = threads_[index];
  thread.was_unanswered = true;
  const bool is_late =
      world_.now() >= thread.called_at + target_.client.operation_timeout;
  if (is_late || !MayRetry(thread)) return GiveUp(index);
  Attempt(index);
}

void Driver::OnTurnedAway(size_t index, NodeId redirect) {
  Thread& thread = threads_[index];
  thread.is_awaiting = false;
  ++thread.serial;
  const bool is_late = world_.now() + kBackoff >=
                       thread.called_at + target_.client.operation_timeout;
  if (is_late) return GiveUp(index);
  thread.redirect = redirect;
  SetAlarm(kBackoff, Alarm::kRetry, index, thread.serial);
}

void Driver::OnAnswer(ProcessId process, const Answer& answer) {
  const size_t index = static_cast<size_t>(thread_of_process_[process]);
  if (index >= threads_.size()) return;
  Thread& thread = threads_[index];
  const bool is_current = thread.process == process && thread.is_busy &&
                          thread.request == answer.request;
  if (!is_current) return;
  if (answer.status == AnswerStatus::kRedirect) {
    if (thread.is_awaiting) OnTurnedAway(index, answer.redirect);
    return;
  }
  Finish(index, answer);
}

void Driver::Finish(size_t index, const Answer& answer) {
  Thread& thread = threads_[index];
  if (answer.status == AnswerStatus::kFail) {
    recorder_.NotOk(world_.now(), EventType::kFail, thread.process,
                    thread.operation, "refused");
  } else {
    faults_.NoteServer(answer.node);
    Learn(thread, answer);
    thread.session->OnOk(thread.operation, answer);
    recorder_.Ok(world_.now(), thread.process, thread.operation, answer,
                 is_final_);
  }
  Complete(index);
}

void Driver::Learn(Thread& thread, const Answer& answer) {
  switch (thread.operation.function) {
    case Function::kRead:
      if (answer.result.kind == targets::Result::Kind::kInteger) {
        thread.last_seen[thread.operation.key] = answer.result.integer;
      }
      break;
    case Function::kWrite:
    case Function::kCas:
      thread.last_seen[thread.operation.key] = thread.operation.argument;
      break;
    case Function::kAcquire:
      thread.holds_lock = true;
      break;
    case Function::kRelease:
      thread.holds_lock = false;
      break;
    default:
      break;
  }
}

void Driver::GiveUp(size_t index) {
  Thread& thread = threads_[index];
  const bool is_harmless =
      targets::IsRead(thread.operation.function) || !thread.was_unanswered;
  if (is_harmless) {
    recorder_.NotOk(world_.now(), EventType::kFail, thread.process,
                    thread.operation,
                    thread.was_unanswered ? "timeout" : "unavailable");
    return Complete(index);
  }
  recorder_.NotOk(world_.now(), EventType::kInfo, thread.process,
                  thread.operation, "timeout");
  thread.process = static_cast<ProcessId>(thread_of_process_.size());
  thread_of_process_.push_back(static_cast<int>(index));
  thread.holds_lock = false;
  BeginSession(thread);
  Complete(index);
}

void Driver::Complete(size_t index) {
  Thread& thread = threads_[index];
  thread.is_busy = false;
  thread.is_awaiting = false;
  ++thread.serial;
  thread.free_since = world_.now();
  if (thread.next < thread.plan->operations.size()) return ScheduleNext(index);
  if (--running_ > 0) return;
  if (is_final_) {
    is_done_ = true;
  } else {
    EndLoad();
  }
}

void Driver::EndLoad() {
  run_.load_end = world_.now();
  faults_.Heal();
  NoteFaults();
  recorder_.Nemesis(world_.now(), "heal", history::kNil);
  SetAlarm(recipe_.settle_time, Alarm::kSettled, 0, 0);
}

void Driver::BeginFinalReads() {
  recorder_.Nemesis(world_.now(), "quiesce", history::kNil);
  is_final_ = true;
  for (NodeId node = 0; node < world_.node_count(); ++node) {
    ClientPlan plan;
    plan.home = node;
    for (int32_t key : recipe_.final_keys) {
      PlannedOperation planned;
      planned.operation.key = key;
      planned.operation.object = object_;
      plan.operations.push_back(planned);
    }
    final_plans_.push_back(std::move(plan));
  }
  StartThreads(final_plans_);
  if (running_ == 0) is_done_ = true;
}

void Driver::NoteFaults() {
  if (faults_.any_active() == fault_was_active_) return;
  fault_was_active_ = faults_.any_active();
  if (fault_was_active_) {
    run_.fault_times.push_back({world_.now(), world_.now()});
  } else {
    run_.fault_times.back().second = world_.now();
  }
}

}  // namespace minos::generators

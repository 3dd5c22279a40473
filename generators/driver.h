// Plays the clients and the faults of a recipe against a store.
//
// A run has four phases. In the *load*, clients issue their operations and
// faults come and go. When the last client is done, everything is *healed*;
// the store has time to *settle*; then one fresh process a node makes the
// *final reads*.
//
// A client thread is a process until an operation of its ends in info; then it
// goes on under a new process id, with a fresh session. An operation is tried
// again where the target's policy allows it. If no attempt was answered, the
// outcome is fail for reads (they change nothing) and where each attempt was
// turned away, and info otherwise.

#ifndef MINOS_GENERATORS_DRIVER_H_
#define MINOS_GENERATORS_DRIVER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "generators/fault_injector.h"
#include "generators/recipe.h"
#include "generators/recorder.h"
#include "generators/run.h"
#include "generators/workload_registry.h"
#include "targets/session.h"
#include "targets/settings.h"
#include "targets/target.h"
#include "targets/world.h"

namespace minos::generators {

class Driver : public targets::Host {
 public:
  // All outlive the driver.
  Driver(const targets::TargetInfo& target, const WorkloadInfo& workload,
         const targets::Settings& settings, const Recipe& recipe,
         const ExecuteOptions& options);

  // The whole run; once.
  Run Drive() &&;

  void OnAnswer(targets::ProcessId process,
                const targets::Answer& answer) override;
  void OnHostTimer(int64_t tag) override;
  void OnEvent(NodeId node, std::string_view name) override;

 private:
  // What a host timer is for.
  enum class Alarm : uint8_t {
    kIssue,        // thread `index` issues its next operation
    kAttempt,      // thread `index` waited long enough for attempt `serial`
    kRetry,        // thread `index` tries again after being turned away
    kFaultBegins,  // fault `index`
    kFaultEnds,    // fault `index`
    kSettled,      // the final reads begin
  };

  struct Thread {
    const ClientPlan* plan = nullptr;
    size_t next = 0;  // of the plan's operations
    targets::ProcessId process = 0;
    std::unique_ptr<targets::Session> session;
    int64_t sequence = 0;  // of the process's operations
    Nanoseconds free_since = 0;
    // The operation under way.
    bool is_busy = false;
    targets::Operation operation;
    NodeId wanted = 0;
    uint64_t request = 0;
    Nanoseconds called_at = 0;
    int attempt = 0;
    bool is_awaiting = false;     // the current attempt has no answer yet
    bool was_unanswered = false;  // some attempt never had one
    int64_t serial = 0;           // tells stale alarms from the current one
    NodeId redirect = targets::kNoNode;
    // What this thread knows.
    std::map<int32_t, int64_t> last_seen;
    bool holds_lock = false;
  };

  void SetAlarm(Nanoseconds delay, Alarm alarm, size_t index, int64_t serial);
  void StartThreads(const std::vector<ClientPlan>& plans);
  void BeginSession(Thread& thread);
  void ScheduleNext(size_t index);
  void Issue(size_t index);
  bool FillIn(Thread& thread, targets::Operation& operation) const;
  void Attempt(size_t index);
  void OnAttemptTimeout(size_t index);
  void OnTurnedAway(size_t index, NodeId redirect);
  bool MayRetry(const Thread& thread) const;
  Nanoseconds AttemptTimeout(const Thread& thread) const;
  void Finish(size_t index, const targets::Answer& answer);
  void GiveUp(size_t index);
  void Complete(size_t index);
  void Learn(Thread& thread, const targets::Answer& answer);
  void EndLoad();
  void BeginFinalReads();
  void NoteFaults();

  const targets::TargetInfo& target_;
  const targets::Settings& settings_;
  const Recipe& recipe_;
  targets::ObjectType object_;
  Recorder recorder_;
  targets::World world_;
  std::unique_ptr<targets::Cluster> cluster_;
  FaultInjector faults_;
  std::vector<ClientPlan> final_plans_;
  std::vector<Thread> threads_;
  std::vector<int> thread_of_process_;
  size_t running_ = 0;  // threads that have operations left
  uint64_t next_request_ = 1;
  bool is_final_ = false;
  bool is_done_ = false;
  bool fault_was_active_ = false;
  Run run_;
};

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_DRIVER_H_

// A log of every step of a run, for drawing it and for comparing two runs.

#ifndef MINOS_TARGETS_TRACE_H_
#define MINOS_TARGETS_TRACE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "targets/request.h"

namespace minos::targets {

// What happens in a step.
enum class TraceKind : uint8_t {
  kSend,     // node → node
  kDeliver,  // node → node
  kLose,     // node → node: lost, cut off, or the receiver is down
  kTimer,    // of a node
  kAsk,      // process → node: an attempt is sent
  kServe,    // process → node: it arrives
  kAnswer,   // node → process: it is sent
  kHear,     // node → process: it arrives
  kVanish,   // between a process and a node: lost
  kCrash,    // of a node
  kRestart,
  kPause,
  kResume,
  kFault,  // another fault begins or ends; `name` says which
};

// One thing that happened.
struct TraceStep {
  Nanoseconds time = 0;
  TraceKind kind = TraceKind::kSend;
  int from = kNoNode;  // a node, or for kAsk and kServe a process
  int to = kNoNode;    // a node, or for kAnswer and kHear a process
  // What the store calls the message, or the function that is asked for.
  // Points to static storage.
  std::string_view name;
  uint64_t id = 0;  // of the message or the operation
};

// The steps of one run in their order.
class Trace {
 public:
  void Add(const TraceStep& step) { steps_.push_back(step); }
  const std::vector<TraceStep>& steps() const { return steps_; }

  // One JSON object a line: {"time":12,"step":"send","from":"n1","to":"n2",
  // "name":"append","id":7}. Nodes are n1, n2, …; processes are numbers.
  std::string ToJsonLines() const;

 private:
  std::vector<TraceStep> steps_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_TRACE_H_

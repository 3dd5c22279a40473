// A node that keeps a CausalLog and asks its peers for what it lacks.

#ifndef MINOS_TARGETS_STORES_LOG_REPLICA_H_
#define MINOS_TARGETS_STORES_LOG_REPLICA_H_

#include <string_view>
#include <utility>
#include <vector>

#include "targets/node.h"
#include "targets/stores/causal_log.h"

namespace minos::targets {

struct LogMessage {
  bool is_question = false;
  VectorClock known;              // question: what the asker knows
  std::vector<LogEntry> entries;  // answer: what it lacks
  std::string_view name() const { return is_question ? "pull" : "entries"; }
};

class LogReplica : public Node<LogMessage, CausalLog> {
 public:
  void OnStart() override {
    period_ = Milliseconds("pull_ms");
    After(period_, 0);
  }

  // Asks one peer after another.
  void OnTimer(int64_t) override {
    After(period_, 0);
    if (node_count() == 1) return;
    const int step = 1 + round_++ % (node_count() - 1);
    Send((id() + step) % node_count(), {true, disk().known(), {}});
  }

  void OnMessage(NodeId from, const LogMessage& message) override {
    if (message.is_question) {
      Send(from, {false, {}, disk().Missing(message.known)});
    } else {
      disk().Absorb(message.entries);
      OnProgress();
    }
  }

 protected:
  // There may be new entries in the log.
  virtual void OnProgress() {}

  void PullFromAll() { Broadcast({true, disk().known(), {}}); }

  Result Apply(const Operation& operation) {
    if (operation.function == Function::kWrite) {
      disk().Append(id(), operation.key, operation.argument);
    }
    return Result::Integer(disk().Value(operation.key));
  }

 private:
  Nanoseconds period_ = 0;
  int round_ = 0;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_LOG_REPLICA_H_

// lww-register: registers whose last writer wins.
//
// Each write gets a stamp (counter, replica), the counter greater than any that
// the replica has seen; the merge keeps the greater stamp. A logical counter,
// not a clock: clocks that jump back would make a session's later write lose to
// its earlier one. A session sends along the last counter it has seen, so that
// this holds for sessions that move, too. See crdt.h.
//
// Promises `eventual` under every fault.

#include <algorithm>

#include "targets/stores/crdt.h"
#include "targets/stores/lww.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

class LwwNode : public CrdtNode<LwwRegisters> {
 public:
  void OnRequest(const Request& request) override {
    if (!request.token.empty()) {
      disk().counter = std::max(disk().counter, request.token.front());
    }
    if (!IsRead(request.operation.function)) {
      Update(request.operation);
      Broadcast({disk()});
    }
    Reply(request, disk().Read(request.operation.key), {disk().counter});
  }

 protected:
  void Update(const Operation& operation) override {
    disk().Write(operation.key, operation.argument, id());
  }
};

class LwwSession : public Session {
 public:
  void Prepare(Request& request) override { request.token = {counter_}; }
  void OnOk(const Operation&, const Answer& answer) override {
    counter_ = std::max(counter_, answer.token.front());
  }

 private:
  int64_t counter_ = 0;
};

}  // namespace

TargetInfo LwwRegisterTarget() {
  TargetInfo info =
      CrdtTarget("lww-register", "Replicated registers; the last writer wins");
  info.workloads = {"register", "session-mix", "reads-only-final"};
  info.bugs = {{"merge-by-overwrite",
                "the state that arrives replaces what was here",
                {"eventual"}}};
  info.make_cluster = MakeCluster<LwwNode>;
  info.make_session = SessionFactory::Make<LwwSession>;
  return info;
}

}  // namespace minos::targets

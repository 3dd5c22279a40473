// The part of a store that runs in its clients: whom to ask, and what to
// remember between operations (a cookie, a token, a mark).
//
// There is one session a process. A process ends with an operation whose
// outcome nobody knows; the thread then goes on as another process, with a
// fresh session.

#ifndef MINOS_TARGETS_SESSION_H_
#define MINOS_TARGETS_SESSION_H_

#include <memory>

#include "targets/request.h"
#include "targets/settings.h"
#include "targets/world.h"

namespace minos::targets {

// What one process of the clients knows of the store.
class Session {
 public:
  struct Context {
    ProcessId process = 0;
    NodeId home = 0;  // the node beside which the client runs
    const World* world = nullptr;
    const Settings* settings = nullptr;
  };

  virtual ~Session() = default;

  // The session begins; clocks and settings may be used from now on.
  virtual void OnBegin() {}
  // Whom to ask. `wanted` is the workload's choice (home, but where clients
  // move between nodes); `attempt` counts 0, 1, 2, … within the operation.
  // kNoNode gives up. The default asks `wanted`, then the others in turn.
  virtual NodeId Route(const Operation& operation, NodeId wanted, int attempt);
  // Called before each attempt; may set the token.
  virtual void Prepare(Request& request) { static_cast<void>(request); }
  // The operation took effect.
  virtual void OnOk(const Operation& operation, const Answer& answer) {
    static_cast<void>(operation);
    static_cast<void>(answer);
  }

 protected:
  friend class SessionFactory;

  int node_count() const { return context_.world->node_count(); }
  NodeId home() const { return context_.home; }
  // The time that never jumps, and the wall clock of the client's machine,
  // which is its home node's.
  Nanoseconds MonotonicClock() const { return context_.world->now(); }
  Nanoseconds WallClock() const {
    return context_.world->ClockOf(context_.home);
  }
  const Settings& settings() const { return *context_.settings; }

 private:
  Context context_;
};

// Makes sessions of one class; derived classes need no constructor.
class SessionFactory {
 public:
  template <typename SessionT>
  static std::unique_ptr<Session> Make(const Session::Context& context) {
    auto session = std::make_unique<SessionT>();
    Session& base = *session;
    base.context_ = context;
    base.OnBegin();
    return session;
  }
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_SESSION_H_

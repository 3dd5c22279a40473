// What the sessions of a history are.

#ifndef MINOS_CHECKER_SESSION_CHOICE_H_
#define MINOS_CHECKER_SESSION_CHOICE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// Which operations are of one session.
struct SessionChoice {
  // The session of each operation; empty: History::session.
  std::vector<history::ValueId> sessions;
  std::string note;  // what was taken as a session, if anything unusual

  // `op` is an operation of the history that this was chosen for.
  history::ValueId SessionOf(const history::History& history,
                             history::OpIndex op) const {
    return sessions.empty() ? history.session(op) : sessions[op];
  }
};

// The sessions that --session-by names: "" (the `session` field, or else the
// process), "process", "session", "node", "thread" (the process modulo the
// number of threads, as Jepsen renumbers a client after a crash), or the name
// of a further field. InvalidArgument, with a line, if an operation lacks what
// is asked for. O(n).
absl::StatusOr<SessionChoice> SessionsBy(const history::History& history,
                                         const std::string& field);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_SESSION_CHOICE_H_

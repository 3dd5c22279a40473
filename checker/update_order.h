// The order of the updates that holds for everybody, whatever anybody read.

#ifndef MINOS_CHECKER_UPDATE_ORDER_H_
#define MINOS_CHECKER_UPDATE_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "checker/digraph.h"
#include "checker/session_history.h"
#include "checker/visibility_rules.h"

namespace minos::checker {

// Why one update comes before another.
enum class OrderReason : uint8_t {
  kNone,           // inside a path; the first edge of the path says why
  kSessionWrites,  // one session made both, in this order
  kReadBefore,     // a session read the first before it made the second
  kSessionKey,     // one session made both, of one key, in this order
  kRealTime,       // the first returned before the second was called
  kVersion,        // the recorded versions say so
  kSeen,           // a read saw the first and returned the second
};

// An edge of the order, through auxiliary vertices where it takes some.
struct OrderEdge {
  Vertex from = 0;
  Vertex to = 0;
  Step witness = kNoStep;  // kReadBefore: the read. kSeen: the read
  OrderReason reason = OrderReason::kNone;
};

class OrderSink {
 public:
  virtual ~OrderSink() = default;
  virtual void Add(const OrderEdge& edge) = 0;
};

// Sends to `sink` the edges that `rules` put between the updates of `steps`:
// those whose paths lead from one update to another exactly where the rules
// order them. Vertices below steps.size() are steps, those above auxiliary.
// Returns the number of vertices. If `relevant` is not null, only for updates
// that are marked there. If `direct`, every demand is one path whose inner
// vertices are auxiliary, so that a shortest path is a shortest proof; else
// there are as few edges as possible. O(n log n), and O(n) edges.
Vertex AddUpdateOrder(const SessionHistory& steps, RuleSet rules,
                      const std::vector<bool>* relevant, bool direct,
                      OrderSink& sink);

// Calls f(a, b, reason) for updates a and b of one key of which real time or
// versions, as far as they are among `rules`, put a first: for so many that all
// others follow from these and the order of each chain. O(n · chains) with real
// time.
void ForEachArbitrated(const SessionHistory& steps, RuleSet rules,
                       const std::function<void(Step, Step, OrderReason)>& f);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_UPDATE_ORDER_H_

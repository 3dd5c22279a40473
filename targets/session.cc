#include "targets/session.h"

namespace minos::targets {

NodeId Session::Route(const Operation& operation, NodeId wanted, int attempt) {
  static_cast<void>(operation);
  return (wanted + attempt) % node_count();
}

}  // namespace minos::targets

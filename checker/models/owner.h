// Who holds a lock.

#ifndef MINOS_CHECKER_MODELS_OWNER_H_
#define MINOS_CHECKER_MODELS_OWNER_H_

#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

// The owner in whose name a lock is called: the `client` of an argument that is
// a map, as Jepsen's Hazelcast clients record it, else the session.
inline history::ValueId OwnerOf(const history::ValueTable& values,
                                history::ValueId argument,
                                history::ValueId session) {
  if (values.kind(argument) != history::ValueKind::kMap) return session;
  const history::ValueId key = values.FindString("client");
  if (key == history::kNoValue) return session;
  const history::ValueId client = values.Get(argument, key);
  return client == history::kNoValue ? session : client;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_OWNER_H_

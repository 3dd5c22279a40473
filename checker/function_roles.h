// What the functions of a data type do to a key, where its operations are reads
// and updates.

#ifndef MINOS_CHECKER_FUNCTION_ROLES_H_
#define MINOS_CHECKER_FUNCTION_ROLES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/session_history.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

enum class FunctionRole : uint8_t {
  kRead,
  kWrite,
  kCompareAndSet,
  kDelete,
  kAdd,
  kSubtract,
  kAddAndGet,
  kSubtractAndGet,
  kRemove,  // an element of a set
  kAsk,     // for one element of a set
  kUnsupported,
};

// Looks up what functions do. A history has few: each name is compared once.
class FunctionRoles {
 public:
  // Of the data types that are read so. `values` outlives this.
  FunctionRoles(const history::ValueTable& values, Observation observation);

  // kUnsupported for what is no function of such a data type. O(1), but for the
  // first time.
  FunctionRole Find(history::ValueId function);

  // The functions that there are, for a message: "read, append".
  std::string Names() const;

 private:
  FunctionRole Resolve(history::ValueId function) const;

  const history::ValueTable& values_;
  Observation observation_;
  std::vector<std::optional<FunctionRole>> known_;  // by function
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_FUNCTION_ROLES_H_

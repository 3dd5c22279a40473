// Workloads: which operations clients ask for, on which keys, with which
// values, and when.
//
// The registry says which mix of functions a workload is; the rest is options.
// Everything is drawn before the run begins, from the workload's own stream of
// luck, so that a plan does not depend on what the store answers (but for the
// expected value of a cas, which is filled in when it is issued).

#ifndef MINOS_GENERATORS_WORKLOAD_H_
#define MINOS_GENERATORS_WORKLOAD_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "generators/key_distribution.h"
#include "generators/recipe.h"
#include "generators/workload_registry.h"
#include "targets/random.h"

namespace minos::generators {

struct WorkloadOptions {
  int64_t operations = 200;  // of all clients together, without final reads
  int clients = 5;
  int nodes = 3;
  std::optional<int32_t> keys;  // the default of the workload if absent
  KeyShape key_shape = KeyShape::kUniform;
  // How many of 100 operations are reads; as in the mix if absent.
  std::optional<int> read_percent;
  // Written values are 1, 2, 3, …; if not, they are drawn from 0 … 4.
  bool unique_values = true;
  // Closed loop: a client thinks for 0 … 2 × think_time between operations.
  Nanoseconds think_time = 40 * targets::kMillisecond;
  // Open loop, if not 0: operations of all clients together a second of
  // simulated time, in a Poisson stream, whether or not earlier ones ended. (A
  // client that is still busy issues its next one as soon as it is free.)
  int64_t rate = 0;
};

// InvalidArgument, in words for the user, if an option means nothing in this
// workload: keys where there is one object, reads where there are none,
// repeated values where none are written.
absl::Status CheckFits(const WorkloadInfo& workload,
                       const WorkloadOptions& options);

// What each client does. Deterministic in its arguments.
std::vector<ClientPlan> PlanClients(const WorkloadInfo& workload,
                                    const WorkloadOptions& options,
                                    targets::Random random);

// The keys that the final reads look at.
std::vector<int32_t> FinalKeys(const WorkloadInfo& workload,
                               const WorkloadOptions& options);

// How many accounts a bank has, and what is on each in the beginning.
inline constexpr int32_t kAccounts = 5;
inline constexpr int64_t kInitialBalance = 10;

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_WORKLOAD_H_

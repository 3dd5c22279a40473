// Workloads: which operations clients ask for, on which keys, with which
// values, and when.
//
// A workload by name is a mix of functions; the rest is options. Everything is
// drawn before the run begins, from the workload's own stream of luck, so that
// a plan does not depend on what the store answers (but for the expected value
// of a cas, which is filled in when it is issued).

#ifndef MINOS_GENERATORS_WORKLOAD_H_
#define MINOS_GENERATORS_WORKLOAD_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "generators/key_distribution.h"
#include "generators/recipe.h"
#include "targets/random.h"
#include "targets/request.h"

namespace minos::generators {

// One function of a mix.
struct MixPart {
  targets::Function function;
  int weight;
};

// Whether operations name a key.
enum class Keyed : uint8_t {
  kNo,   // there is one object, as a counter or a bank
  kYes,  // the object is named by the key
};

struct WorkloadInfo {
  std::string_view name;
  std::string_view summary;
  // The data type of the objects, as --model calls it.
  std::string_view model;
  targets::ObjectType object = targets::ObjectType::kRegister;
  Keyed keyed = Keyed::kYes;
  std::vector<MixPart> mix;
  int32_t default_keys = 3;
  // The final reads of every node show the state.
  bool has_final_reads = true;
  // Clients ask another node at each operation.
  bool moves_between_nodes = false;
};

// All workloads, in the order in which `minos list workloads` prints them.
const std::vector<WorkloadInfo>& AllWorkloads();
// nullptr if there is none of that name.
const WorkloadInfo* FindWorkload(std::string_view name);

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

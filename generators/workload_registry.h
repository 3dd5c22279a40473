// The table of the workloads: what clients may be told to ask a store for.

#ifndef MINOS_GENERATORS_WORKLOAD_REGISTRY_H_
#define MINOS_GENERATORS_WORKLOAD_REGISTRY_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "targets/request.h"

namespace minos::generators {

// One function of a mix, and how often it is drawn as against the others.
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
  std::span<const MixPart> mix = {};
  int32_t default_keys = 3;
  // The final reads of every node show the state.
  bool has_final_reads = true;
  // Clients ask another node at each operation.
  bool moves_between_nodes = false;
};

// All workloads, in the order in which `minos list workloads` prints them.
std::span<const WorkloadInfo> AllWorkloads();

// nullptr if there is none of that name.
const WorkloadInfo* FindWorkload(std::string_view name);

// Whether `function` is in the mix of `workload`. Releases are in none: a
// client that acquires releases, too.
bool HasFunction(const WorkloadInfo& workload, targets::Function function);

}  // namespace minos::generators

#endif  // MINOS_GENERATORS_WORKLOAD_REGISTRY_H_

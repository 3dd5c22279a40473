// What is to be known of a store: how to make it, what it promises, how it can
// be broken. docs/writing-a-store.md shows how to add one.

#ifndef MINOS_TARGETS_TARGET_H_
#define MINOS_TARGETS_TARGET_H_

#include <memory>
#include <string_view>
#include <vector>

#include "targets/fault.h"
#include "targets/node.h"
#include "targets/random.h"
#include "targets/request.h"
#include "targets/session.h"
#include "targets/settings.h"
#include "targets/world.h"

namespace minos::targets {

// A consistency that a store keeps as long as no other faults happen.
struct Promise {
  std::string_view consistency;
  FaultSet under;
};

// How the store's client library treats an attempt that is not answered.
enum class RetryPolicy : uint8_t {
  kNever,  // the outcome of an update is then unknown
  kReads,  // a read is tried again
  kAll,    // everything is: the store tells twins apart, or does not mind them
};

// How patient clients are.
struct ClientPolicy {
  RetryPolicy retry = RetryPolicy::kReads;
  Nanoseconds attempt_timeout = 100 * kMillisecond;
  // After this the client gives up.
  Nanoseconds operation_timeout = 400 * kMillisecond;
};

// One store.
struct TargetInfo {
  std::string_view name;
  std::string_view summary;  // one sentence without a full stop
  int default_nodes = 3;
  int min_nodes = 1;
  int max_nodes = 9;
  // Names of workloads that the store serves; the first is the default.
  std::vector<std::string_view> workloads;
  std::vector<ParameterInfo> parameters;
  std::vector<BugInfo> bugs;
  // What it promises with these settings; planted bugs do not matter.
  std::vector<Promise> (*promises)(const Settings& settings) = nullptr;
  ClientPolicy client;
  // How long after the last fault and update all copies agree, if all is well,
  // and the parameter `paced_by` is at most twice its default; beyond that it
  // takes longer in proportion.
  Nanoseconds settle_time = 2 * kSecond;
  std::string_view paced_by;  // a parameter in ms; empty if there is none

  std::unique_ptr<Cluster> (*make_cluster)(World& world,
                                           const Settings& settings,
                                           Random random) = nullptr;
  std::unique_ptr<Session> (*make_session)(const Session::Context& context) =
      SessionFactory::Make<Session>;
};

// For TargetInfo::make_cluster.
template <typename NodeT>
std::unique_ptr<Cluster> MakeCluster(World& world, const Settings& settings,
                                     Random random) {
  return std::make_unique<ClusterOf<NodeT>>(world, settings, random);
}

}  // namespace minos::targets

#endif  // MINOS_TARGETS_TARGET_H_

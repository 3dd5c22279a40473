#include "generators/workload.h"

#include <map>
#include <set>

#include "generators/fault_schedule.h"
#include "generators/workload_registry.h"
#include "gtest/gtest.h"

namespace minos::generators {
namespace {

using targets::Function;
using targets::Random;

std::vector<targets::Operation> Plan(std::string_view name,
                                     WorkloadOptions options = {}) {
  std::vector<targets::Operation> operations;
  for (const ClientPlan& client :
       PlanClients(*FindWorkload(name), options, Random(1))) {
    for (const PlannedOperation& planned : client.operations) {
      operations.push_back(planned.operation);
    }
  }
  return operations;
}

TEST(WorkloadTest, EveryWorkloadPlansAsManyOperationsAsAsked) {
  for (const WorkloadInfo& workload : AllWorkloads()) {
    WorkloadOptions options;
    options.operations = 57;
    EXPECT_EQ(Plan(workload.name, options).size(), 57u) << workload.name;
  }
}

TEST(WorkloadTest, WrittenValuesAreUnique) {
  std::set<int64_t> values;
  int writes = 0;
  for (const targets::Operation& operation : Plan("register")) {
    if (operation.function != Function::kWrite) continue;
    ++writes;
    values.insert(operation.argument);
  }
  EXPECT_GT(writes, 60);
  EXPECT_EQ(values.size(), static_cast<size_t>(writes));
}

TEST(WorkloadTest, ReadPercentIsKept) {
  WorkloadOptions options;
  options.operations = 10'000;
  options.read_percent = 90;
  int reads = 0;
  for (const targets::Operation& operation : Plan("cas", options)) {
    reads += operation.function == Function::kRead ? 1 : 0;
  }
  EXPECT_NEAR(reads, 9000, 150);
}

TEST(WorkloadTest, KeyShapesHaveTheirWeights) {
  WorkloadOptions options;
  options.operations = 30'000;
  options.keys = 4;
  const auto count = [&](KeyShape shape) {
    options.key_shape = shape;
    std::map<int32_t, int> keys;
    for (const targets::Operation& operation : Plan("register", options)) {
      ++keys[operation.key];
    }
    return keys;
  };
  EXPECT_NEAR(count(KeyShape::kUniform)[0], 7500, 300);
  EXPECT_NEAR(count(KeyShape::kZipf)[0], 14400, 400);
  EXPECT_NEAR(count(KeyShape::kZipf)[3], 3600, 300);
  EXPECT_NEAR(count(KeyShape::kHotSpot)[0], 24000, 300);
}

TEST(WorkloadTest, AClientReleasesTheLockThatItAcquired) {
  for (const ClientPlan& client :
       PlanClients(*FindWorkload("lock"), {}, Random(3))) {
    for (size_t i = 0; i + 1 < client.operations.size(); i += 2) {
      EXPECT_EQ(client.operations[i].operation.function, Function::kAcquire);
      EXPECT_EQ(client.operations[i + 1].operation.function,
                Function::kRelease);
      EXPECT_EQ(client.operations[i].operation.key,
                client.operations[i + 1].operation.key);
    }
  }
}

TEST(WorkloadTest, AnOpenLoopArrivesAtItsRate) {
  WorkloadOptions options;
  options.operations = 10'000;
  options.rate = 1000;
  Nanoseconds last = 0;
  for (const ClientPlan& client :
       PlanClients(*FindWorkload("register"), options, Random(1))) {
    last = std::max(last, client.operations.back().not_before);
  }
  EXPECT_NEAR(static_cast<double>(last), 10e9, 0.5e9);
}

TEST(FaultScheduleTest, OnlyTheKindsAskedForHappenAndNeverTwiceAtOnce) {
  FaultOptions options;
  options.kinds = {FaultKind::kCrash, FaultKind::kPartition};
  options.nodes = 5;
  options.horizon = 20 * targets::kSecond;
  const std::vector<PlannedFault> faults = PlanFaults(options, Random(1));
  EXPECT_GT(faults.size(), 20u);
  std::map<FaultKind, Nanoseconds> busy_until;
  for (const PlannedFault& fault : faults) {
    EXPECT_TRUE(options.kinds.contains(fault.kind));
    EXPECT_LT(fault.start, options.horizon);
    EXPECT_GT(fault.start, busy_until[fault.kind]);
    busy_until[fault.kind] = fault.start + fault.duration;
  }
}

TEST(FaultScheduleTest, ASingleNodeHasNoPartitions) {
  FaultOptions options;
  options.kinds = {FaultKind::kPartition};
  options.nodes = 1;
  EXPECT_TRUE(PlanFaults(options, Random(1)).empty());
}

}  // namespace
}  // namespace minos::generators

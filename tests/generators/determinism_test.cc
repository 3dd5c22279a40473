// The same recipe gives the same bytes, whatever compiled it.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "generators/run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history/hash.h"
#include "history/write.h"
#include "targets/target_registry.h"

namespace minos::generators {
namespace {

struct Bytes {
  std::string history;
  std::string trace;
};

Bytes RunOnce(const targets::TargetInfo& target, uint64_t seed) {
  RunOptions options;
  options.seed = seed;
  options.faults = targets::FaultSet::All();
  const Recipe recipe = MakeRecipe(target, options).value();
  ExecuteOptions execute;
  execute.trace = true;
  const Run run = Execute(target, recipe, execute).value();
  Bytes bytes;
  const absl::Status status = history::WriteHistory(
      run.history, history::Format::kJsonLines, [&](std::string_view text) {
        bytes.history += text;
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  bytes.trace = run.trace.ToJsonLines();
  return bytes;
}

uint64_t HashOf(std::string_view text) {
  uint64_t hash = 0;
  for (char c : text) hash = CombineHash(hash, static_cast<uint8_t>(c));
  return hash;
}

TEST(DeterminismTest, TheSameSeedGivesTheSameBytes) {
  for (const targets::TargetInfo& target : targets::AllTargets()) {
    const Bytes once = RunOnce(target, 7);
    const Bytes again = RunOnce(target, 7);
    EXPECT_EQ(once.history, again.history) << target.name;
    EXPECT_EQ(once.trace, again.trace) << target.name;
    EXPECT_NE(once.history, RunOnce(target, 8).history) << target.name;
  }
}

// The bytes of seed 7, as other compilers and build types must make them too.
// A store, a workload or the network that changes changes them; then take the
// new ones over from the message.
TEST(DeterminismTest, EveryBuildGivesTheBytesWrittenDownHere) {
  const std::map<std::string_view, uint64_t> expected = {
      {"strong-counter", 1731247060450703565u},
      {"eventual", 17234248045617868953u},
      {"read-after-write", 11470808209628402499u},
      {"session-sticky", 7153083337454836437u},
      {"session-token", 213740177220694268u},
      {"monotonic-cache", 16263530995310422062u},
      {"g-counter", 5065787263056417087u},
      {"pn-counter", 6716613380234269573u},
      {"g-set", 17896314934848463575u},
      {"or-set", 17896314934848463575u},
      {"lww-register", 14807754658719024334u},
      {"quorum", 8439285489573008430u},
      {"abd", 14836708322848329480u},
      {"primary-backup", 3982848373658936789u},
      {"sequencer", 4932793554829269866u},
      {"causal", 8942842274059796523u},
      {"raft", 12212482992615052072u},
      {"lease-lock", 2614283976655264655u},
      {"geo", 1873767623679157422u},
  };
  std::string actual;
  for (const targets::TargetInfo& target : targets::AllTargets()) {
    const Bytes bytes = RunOnce(target, 7);
    const uint64_t hash = HashOf(bytes.history + bytes.trace);
    actual += "      {\"" + std::string(target.name) + "\", " +
              std::to_string(hash) + "u},\n";
    const auto found = expected.find(target.name);
    EXPECT_TRUE(found != expected.end() && found->second == hash)
        << target.name;
  }
  if (HasFailure()) ADD_FAILURE() << "the hashes are\n" << actual;
}

}  // namespace
}  // namespace minos::generators

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
      {"strong-counter", 13630800582625206873u},
      {"eventual", 14348121494910782951u},
      {"read-after-write", 14081065518999892900u},
      {"session-sticky", 10213463534695431225u},
      {"session-token", 11034747793922760717u},
      {"monotonic-cache", 8210814670401284276u},
      {"g-counter", 9216531325707216124u},
      {"pn-counter", 10151108792217005371u},
      {"g-set", 4710425634164555676u},
      {"or-set", 4710425634164555676u},
      {"lww-register", 4687770568015455385u},
      {"quorum", 6049696946008394128u},
      {"abd", 17310493482956504371u},
      {"primary-backup", 13479837128146680195u},
      {"sequencer", 18065711312776667884u},
      {"causal", 1275709948470212556u},
      {"raft", 13427816974829742931u},
      {"lease-lock", 11332588684972349549u},
      {"geo", 14551876548414962282u},
      {"hybrid", 4437237191399379305u},
      {"tiered", 18391463687365649211u},
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

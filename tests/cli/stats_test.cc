// minos stats, end to end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::HasSubstr;

// A line of JSON for a whole operation, with times in milliseconds.
std::string Line(int process, const std::string& f, const std::string& value,
                 int call, int end) {
  const bool is_read = f == "read";
  return "{\"process\":" + std::to_string(process) + ",\"f\":\"" + f +
         "\",\"key\":\"x\",\"node\":\"n" + std::to_string(process) + "\"," +
         (is_read ? "\"result\":" : "\"value\":") + value +
         ",\"call\":" + std::to_string(call * 1'000'000) +
         ",\"return\":" + std::to_string(end * 1'000'000) +
         ",\"outcome\":\"ok\"}\n";
}

class Stats : public ::testing::Test {
 protected:
  ScratchDirectory scratch_;
  std::string stale_ = scratch_.Write(
      "stale.jsonl",
      Line(0, "write", "1", 0, 10) + Line(0, "write", "2", 20, 30) +
          Line(0, "write", "3", 40, 50) + Line(1, "read", "1", 70, 80) +
          Line(2, "read", "3", 90, 95));
};

TEST_F(Stats, SaysHowFastAndHowStaleInText) {
  const ProgramRun run = Minos({"stats", stale_});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr(stale_ + ": 5 operations, 0 info\n"));
  EXPECT_THAT(run.out, HasSubstr("95.0 ms, 52.6 operations a second"));
  EXPECT_THAT(run.out, HasSubstr("write: 3 ok, 0 fail, 0 info; latency median "
                                 "10.0 ms"));
  EXPECT_THAT(run.out, HasSubstr("reads behind: 1 of 2"));
  EXPECT_THAT(run.out, HasSubstr("most 2"));
  EXPECT_THAT(run.out,
              HasSubstr("time to convergence, by key: median 20.0 ms"));
  EXPECT_THAT(run.out, HasSubstr("node n1: 1 of 1 reads behind, by 2"));
  // A histogram: a bar for each class.
  EXPECT_THAT(run.out, HasSubstr("#"));
}

TEST_F(Stats, SaysTheSameInJson) {
  const nlohmann::json json =
      JsonOf(Minos({"stats", "--format", "json", stale_}));
  EXPECT_EQ(json["schema"], "minos.stats/1");
  const nlohmann::json& history = json["histories"][0];
  EXPECT_EQ(history["operations"], 5);
  EXPECT_EQ(history["duration_ns"], 95'000'000);
  EXPECT_EQ(history["functions"][0]["name"], "write");
  EXPECT_EQ(history["functions"][0]["latency_ns"]["median"], 10'000'000);
  const nlohmann::json& staleness = history["staleness"];
  EXPECT_EQ(staleness["reads"], 2);
  EXPECT_EQ(staleness["stale"], 1);
  EXPECT_EQ(staleness["versions"]["maximum"], 2);
  EXPECT_EQ(staleness["time_ns"]["maximum"], 40'000'000);
  EXPECT_EQ(staleness["convergence_ns"]["maximum"], 20'000'000);
  EXPECT_EQ(staleness["keys"].size(), 1u);
  EXPECT_EQ(staleness["nodes"].size(), 2u);
}

TEST_F(Stats, SaysWhyThereIsNoStaleness) {
  const std::string counter = scratch_.Write("counter.edn", Count(1));
  const ProgramRun run = Minos({"stats", counter});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("no staleness: "));
}

TEST_F(Stats, RefusesAnUnknownFormatAndABrokenFile) {
  EXPECT_EQ(Minos({"stats", "--format", "xml", stale_}).exit_code, 2);
  EXPECT_EQ(Minos({"stats", "--input-format", "", stale_}).exit_code, 2);
  EXPECT_EQ(Minos({"stats", scratch_.Write("bad.edn", Malformed())}).exit_code,
            2);
}

}  // namespace
}  // namespace minos::testing

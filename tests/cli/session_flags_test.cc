// --arbitration, --assume and --session-by, end to end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Line(const std::string& process, const std::string& f,
                 const std::string& value, int at,
                 const std::string& more = "") {
  return "{\"process\":" + process + ",\"f\":\"" + f + "\"," +
         (f == "read" ? "\"result\":" : "\"value\":") + value +
         ",\"call\":" + std::to_string(at) +
         ",\"return\":" + std::to_string(at + 1) + more +
         ",\"outcome\":\"ok\"}\n";
}

class SessionFlags : public ::testing::Test {
 protected:
  ProgramRun Check(const std::string& file, const std::string& consistency,
                   std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"check", "--model", "register",
                                 "--consistency", consistency, file});
    return Minos(flags);
  }

  ScratchDirectory scratch_;
};

// One session reads 2, then 1: no order of two sessions' writes forbids it, but
// real time and versions do.
TEST_F(SessionFlags, RealTimeAndVersionsOrderTheWrites) {
  const std::string file = scratch_.Write(
      "order.jsonl", Line("0", "write", "1", 0, ",\"version\":1") +
                         Line("1", "write", "2", 10, ",\"version\":2") +
                         Line("2", "read", "2", 20) +
                         Line("2", "read", "1", 30));
  for (const char* model : {"monotonic-reads", "session", "causal-convergence",
                            "causal-memory", "sequential"}) {
    SCOPED_TRACE(model);
    EXPECT_EQ(Check(file, model, {}).exit_code, 0);
    for (const char* order : {"realtime", "versions"}) {
      const ProgramRun run = Check(file, model, {"--arbitration", order});
      EXPECT_EQ(run.exit_code, 1) << order;
      EXPECT_THAT(run.out, Not(HasSubstr("had no part"))) << order;
    }
  }
}

TEST_F(SessionFlags, AnOrderThatHasNoPartIsSaidSo) {
  const std::string file = scratch_.Write("fresh.edn", FreshRead());
  for (const char* model :
       {"causal", "linearizable", "bounded-staleness=k:2"}) {
    const ProgramRun run = Check(file, model, {"--arbitration", "realtime"});
    EXPECT_EQ(run.exit_code, 0) << model;
    EXPECT_THAT(run.out, HasSubstr("--arbitration had no part in")) << model;
  }
  for (const char* model :
       {"causal-convergence", "causal-memory", "sequential"}) {
    const ProgramRun run = Check(file, model, {"--arbitration", "none"});
    EXPECT_THAT(run.out, HasSubstr("--arbitration had no part in")) << model;
  }
  const ProgramRun run = Check(file, "causal", {"--assume", "none"});
  EXPECT_THAT(run.out, HasSubstr("--assume had no part in causal"));
}

TEST_F(SessionFlags, WithoutAnAssumptionTheBareRuleIsJudged) {
  // The only witness goes back himself.
  const std::string file = scratch_.Write(
      "back.jsonl", Line("0", "write", "1", 0) + Line("0", "write", "2", 10) +
                        Line("1", "read", "2", 20) +
                        Line("1", "read", "1", 30));
  EXPECT_EQ(Check(file, "monotonic-writes", {}).exit_code, 3);
  EXPECT_EQ(Check(file, "monotonic-writes", {"--assume", "none"}).exit_code, 0);
  const ProgramRun wrong =
      Check(file, "monotonic-writes", {"--assume", "magic"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("cannot assume `magic`"));
}

TEST_F(SessionFlags, SessionsAreToldByNodeThreadOrField) {
  // The client moves from one node to another and misses its own write.
  const std::string file = scratch_.Write(
      "moved.jsonl",
      Line("0", "write", "1", 0, ",\"node\":\"a\",\"user\":7") +
          Line("5", "read", "null", 10, ",\"node\":\"b\",\"user\":7"));
  const auto by = [&](const char* field) {
    return Check(file, "read-your-writes", {"--session-by", field}).exit_code;
  };
  EXPECT_EQ(by("process"), 0);
  EXPECT_EQ(by("node"), 0);
  EXPECT_EQ(by("user"), 1);
  EXPECT_EQ(by("nothing"), 2);
}

TEST_F(SessionFlags, AThreadGoesOnUnderAnotherProcessAfterACrash) {
  // Of two threads, the one of process 0 goes on as process 2.
  const std::string file = scratch_.Write(
      "crash.edn", Whole(0, "write", "1", "1") + Whole(1, "read", "nil", "1") +
                       Event(0, "invoke", "write", "2") +
                       Event(0, "info", "write", "2") +
                       Whole(2, "read", "nil", "nil"));
  EXPECT_EQ(Check(file, "read-your-writes", {}).exit_code, 0);
  EXPECT_EQ(
      Check(file, "read-your-writes", {"--session-by", "thread"}).exit_code, 1);
}

}  // namespace
}  // namespace minos::testing

// minos check: verdicts, exit codes, and what stands where.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class CheckVerdicts : public ::testing::Test {
 protected:
  ScratchDirectory scratch_;
  std::string valid_ = scratch_.Write("valid.edn", FreshRead());
  std::string violation_ = scratch_.Write("violation.edn", StaleRead());
  std::string hard_ = scratch_.Write("hard.edn", TooHard());
  std::string malformed_ = scratch_.Write("malformed.edn", Malformed());
};

TEST_F(CheckVerdicts, ValidIsZeroAndOneLineFirst) {
  const ProgramRun run = Minos({"check", valid_});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out,
              StartsWith(valid_ + ": valid (register, linearizable)\n"));
  EXPECT_THAT(run.err, IsEmpty());
}

TEST_F(CheckVerdicts, APictureShowsFewOperations) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += Whole(0, "add", "1", "1");
  text += Whole(1, "read", "nil", "40") + Whole(2, "read", "nil", "39");
  const ProgramRun run =
      Minos({"check", "-m", "counter", scratch_.Write("counter.edn", text)});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, HasSubstr("(40 operations that may or may not have "
                                 "happened not drawn; --format json has all)"));
  EXPECT_THAT(run.out, Not(HasSubstr("earlier operation")));
}

TEST_F(CheckVerdicts, ViolationIsOneAndExplained) {
  const ProgramRun run = Minos({"check", violation_});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, StartsWith(violation_ +
                                  ": violation (register, linearizable)\n"));
  // The picture: lanes, file lines, and the operation that does not fit.
  EXPECT_THAT(run.out, AllOf(HasSubstr("process 0"), HasSubstr("process 1"),
                             HasSubstr("read → 1"), HasSubstr("✗")));
  EXPECT_THAT(run.out, HasSubstr("line"));
  // The state, and why nothing fits it.
  EXPECT_THAT(run.out, AllOf(HasSubstr("the value is 2"),
                             HasSubstr("it read 1, but the value is 2")));
  EXPECT_THAT(run.err, IsEmpty());
}

TEST_F(CheckVerdicts, UnknownIsThreeWithReasonAndAdvice) {
  const ProgramRun run =
      Minos({"check", "--model", "counter", "--time-limit", "200ms", hard_});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, StartsWith(hard_ + ": unknown: time-limit (counter, "
                                          "linearizable)\n"));
  EXPECT_THAT(run.out, HasSubstr("--time-limit"));
}

TEST_F(CheckVerdicts, MalformedIsTwoWithFileLineAndColumn) {
  const ProgramRun run = Minos({"check", malformed_});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, MatchesRegex(".*malformed.edn:2:[0-9]+: error: .*\n"
                                    "  [^ ].*\n"));
  EXPECT_THAT(run.out, Not(HasSubstr("valid (")));
}

TEST_F(CheckVerdicts, MissingFileIsTwo) {
  const ProgramRun run = Minos({"check", scratch_.File("none.edn")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("none.edn: error: No such file"));
}

TEST_F(CheckVerdicts, SeveralFilesGetALineEachAndTheWorstExitCode) {
  const ProgramRun run = Minos({"check", valid_, malformed_, violation_});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, HasSubstr(valid_ + ": valid (register, linearizable)"));
  EXPECT_THAT(run.out, HasSubstr(malformed_ + ": error (line 2"));
  EXPECT_THAT(run.out,
              HasSubstr(violation_ + ": violation (register, linearizable)"));
  EXPECT_THAT(run.out, HasSubstr("3 files: 1 violation, 1 error, 1 valid"));
}

TEST_F(CheckVerdicts, ViolationOutranksErrorOutranksUnknownOutranksValid) {
  const std::string good = scratch_.Write("good.edn", Count(1));
  const std::string wrong = scratch_.Write("wrong.edn", Count(2));
  const auto exit_code = [](std::vector<std::string> files) {
    std::vector<std::string> arguments = {"check", "--model", "counter",
                                          "--time-limit", "300ms"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    return Minos(arguments).exit_code;
  };
  EXPECT_EQ(exit_code({good, good}), 0);
  EXPECT_EQ(exit_code({good, hard_}), 3);
  EXPECT_EQ(exit_code({good, malformed_, hard_}), 2);
  EXPECT_EQ(exit_code({malformed_, wrong, good, hard_}), 1);
}

TEST_F(CheckVerdicts, TheTimeIsForAllFilesTogether) {
  const ProgramRun run =
      Minos({"check", "--model", "counter", "--time-limit", "300ms", "--format",
             "json", hard_, hard_, hard_});
  EXPECT_EQ(run.exit_code, 3);
  const auto json = JsonOf(run);
  for (const auto& history : json["histories"]) {
    EXPECT_EQ(history["checks"][0]["unknown"]["reason"], "time-limit");
  }
  EXPECT_LT(run.elapsed.count(), 3000);
}

TEST_F(CheckVerdicts, FailOnViolationForgivesUnknownOnly) {
  EXPECT_EQ(Minos({"check", "--model", "counter", "--time-limit", "200ms",
                   "--fail-on", "violation", hard_})
                .exit_code,
            0);
  EXPECT_EQ(Minos({"check", "--fail-on", "violation", violation_}).exit_code,
            1);
  EXPECT_EQ(Minos({"check", "--fail-on", "violation", malformed_}).exit_code,
            2);
  EXPECT_EQ(Minos({"check", "--model", "counter", "--time-limit", "200ms",
                   "--fail-on", "unknown", hard_})
                .exit_code,
            3);
}

TEST_F(CheckVerdicts, JsonCarriesTheWholeEvidence) {
  const ProgramRun run = Minos({"check", "--format", "json", violation_});
  EXPECT_EQ(run.exit_code, 1);
  const auto json = JsonOf(run);
  EXPECT_EQ(json["schema"], "minos.result/1");
  EXPECT_EQ(json["verdict"], "violation");
  ASSERT_EQ(json["histories"].size(), 1u);
  const auto& history = json["histories"][0];
  EXPECT_EQ(history["file"], violation_);
  EXPECT_EQ(history["operations"], 3);
  ASSERT_EQ(history["checks"].size(), 1u);
  const auto& check = history["checks"][0];
  EXPECT_EQ(check["consistency"], "linearizable");
  EXPECT_EQ(check["model"], "register");
  EXPECT_EQ(check["verdict"], "violation");
  EXPECT_EQ(check["partitions"], 1);
  EXPECT_TRUE(check["algorithm"].is_string());
  EXPECT_TRUE(check["seconds"].is_number());
  EXPECT_TRUE(check["unknown"].is_null());
  ASSERT_EQ(check["violations"].size(), 1u);
  const auto& violation = check["violations"][0];
  const auto& last = violation["operations"].back();
  EXPECT_EQ(violation["culprit"], last["index"]);
  EXPECT_EQ(last["f"], "read");
  EXPECT_EQ(last["result"], 1);
  EXPECT_EQ(last["process"], 1);
  EXPECT_EQ(last["call"]["line"], 5);
  EXPECT_EQ(last["return"]["line"], 6);
  EXPECT_EQ(last["call"]["position"], 4);
}

TEST_F(CheckVerdicts, JsonTellsAnErrorToo) {
  const auto json = JsonOf(Minos({"check", "--format", "json", malformed_}));
  EXPECT_EQ(json["verdict"], "error");
  const auto& history = json["histories"][0];
  EXPECT_EQ(history["verdict"], "error");
  EXPECT_THAT(history["error"].get<std::string>(), StartsWith("line 2"));
  EXPECT_EQ(history["problems"][0]["line"], 2);
  EXPECT_THAT(history["checks"], IsEmpty());
}

TEST_F(CheckVerdicts, AHistoryThatIsNotOfTheTypeIsAnErrorOfTheFile) {
  const ProgramRun run = Minos({"check", "--model", "fifo-queue", valid_});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, StartsWith(valid_ + ": error: "));
}

}  // namespace
}  // namespace minos::testing

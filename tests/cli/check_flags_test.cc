// minos check: each flag does what it says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kReadsSeven[] =
    "{:process 0, :type :invoke, :f :read, :value nil}\n"
    "{:process 0, :type :ok, :f :read, :value 7}\n";

// Each key is fine by itself; as one register, the read of 1 is stale.
constexpr char kTwoKeys[] =
    "{:process 0, :type :invoke, :f :write, :value [:x 1]}\n"
    "{:process 0, :type :ok, :f :write, :value [:x 1]}\n"
    "{:process 0, :type :invoke, :f :write, :value [:y 2]}\n"
    "{:process 0, :type :ok, :f :write, :value [:y 2]}\n"
    "{:process 1, :type :invoke, :f :read, :value [:x nil]}\n"
    "{:process 1, :type :ok, :f :read, :value [:x 1]}\n";

constexpr char kTwoKeyFields[] =
    "{:process 0, :type :invoke, :f :write, :key :x, :value 1}\n"
    "{:process 0, :type :ok, :f :write, :key :x, :value 1}\n"
    "{:process 0, :type :invoke, :f :write, :key :y, :value 2}\n"
    "{:process 0, :type :ok, :f :write, :key :y, :value 2}\n"
    "{:process 1, :type :invoke, :f :read, :key :x, :value nil}\n"
    "{:process 1, :type :ok, :f :read, :key :x, :value 1}\n";

class CheckFlags : public ::testing::Test {
 protected:
  int Exit(std::vector<std::string> flags, const std::string& file) {
    flags.insert(flags.begin(), "check");
    flags.push_back(file);
    return Minos(flags).exit_code;
  }

  ScratchDirectory scratch_;
  std::string valid_ = scratch_.Write("valid.edn", FreshRead());
  std::string violation_ = scratch_.Write("violation.edn", StaleRead());
};

TEST_F(CheckFlags, InitialTakesJsonAndEdn) {
  const std::string file = scratch_.Write("seven.edn", kReadsSeven);
  EXPECT_EQ(Exit({"--model", "register"}, file), 1);
  EXPECT_EQ(Exit({"--model", "register", "--initial", "7"}, file), 0);
  EXPECT_EQ(Exit({"--model", "register", "--initial", "-7"}, file), 1);
  const std::string pair =
      scratch_.Write("xy.edn",
                     "{:process 0, :type :invoke, :f :read, :value :x}\n"
                     "{:process 0, :type :ok, :f :read, :value :b}\n");
  EXPECT_EQ(Exit({"--model", "register", "--initial", "\"b\""}, pair), 0);
  EXPECT_EQ(Exit({"--model", "register", "--initial", ":b"}, pair), 0);
  EXPECT_EQ(Exit({"--model", "register", "--initial", ":c"}, pair), 1);
}

TEST_F(CheckFlags, InitialThatIsNoValueIsRefusedBeforeReading) {
  const ProgramRun run = Minos({"check", "--initial", "{oops", valid_});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("neither JSON nor EDN"));
  EXPECT_THAT(run.out, IsEmpty());
}

TEST_F(CheckFlags, KeysSayWhereTheKeyStands) {
  const std::string tuples = scratch_.Write("tuples.edn", kTwoKeys);
  EXPECT_EQ(Exit({"-m", "register", "--keys", "tuple"}, tuples), 0);
  // Without keys, a read does not give back the pair that was written last.
  EXPECT_EQ(Exit({"-m", "register", "--keys", "none"}, tuples), 1);
  EXPECT_EQ(Exit({"-m", "register", "--keys", "field"}, tuples), 2);
  const std::string fields = scratch_.Write("fields.edn", kTwoKeyFields);
  EXPECT_EQ(Exit({"-m", "register", "--keys", "field"}, fields), 0);
  EXPECT_EQ(Exit({"-m", "register", "--keys", "auto"}, fields), 0);
  EXPECT_EQ(Exit({"-m", "register", "--keys", "none"}, fields), 1);
}

TEST_F(CheckFlags, AutoSaysWhatItChose) {
  const std::string fields = scratch_.Write("fields.edn", kTwoKeyFields);
  EXPECT_THAT(Minos({"check", fields}).out,
              AllOf(HasSubstr("Note: "), HasSubstr("key")));
}

TEST_F(CheckFlags, InputFormatOverridesTheContent) {
  EXPECT_EQ(Exit({"--input-format", "edn"}, valid_), 0);
  EXPECT_EQ(Exit({"--input-format", "jepsen-log"}, valid_), 2);
}

TEST_F(CheckFlags, AlgorithmIsUsedAndNamed) {
  const auto json = JsonOf(
      Minos({"check", "--algorithm", "wgl", "--format", "json", violation_}));
  EXPECT_EQ(json["histories"][0]["checks"][0]["algorithm"], "wgl");
}

TEST_F(CheckFlags, UnknownNamesSuggestTheNearest) {
  const struct {
    std::vector<std::string> flags;
    std::string suggestion;
  } cases[] = {
      {{"--model", "cas-registre"}, "did you mean `cas-register`?"},
      {{"--consistency", "linearisable"}, "did you mean `linearizable`?"},
      {{"--algorithm", "wlg"}, "did you mean `wgl`?"},
      {{"--format", "jsno"}, "did you mean `json`?"},
      {{"--keys", "tupel"}, "did you mean `tuple`?"},
      {{"--input-format", "end"}, "did you mean `edn`?"},
      {{"--fail-on", "violations"}, "did you mean `violation`?"},
      {{"--color", "alway"}, "did you mean `always`?"},
      {{"--report", "jsn=x"}, "did you mean `json`?"},
      {{"--modle", "register"}, "did you mean `--model`?"},
  };
  for (const auto& test : cases) {
    std::vector<std::string> arguments = {"check", valid_};
    arguments.insert(arguments.end(), test.flags.begin(), test.flags.end());
    const ProgramRun run = Minos(arguments);
    EXPECT_EQ(run.exit_code, 2) << test.flags[0];
    EXPECT_THAT(run.err, HasSubstr(test.suggestion));
    EXPECT_THAT(run.err, StartsWith("minos: "));
    EXPECT_LE(std::count(run.err.begin(), run.err.end(), '\n'), 2);
    EXPECT_THAT(run.out, IsEmpty());
  }
}

TEST_F(CheckFlags, QuantitiesNeedTheirUnits) {
  for (const char* limit : {"30", "s", "-1s", "1.5.2s", "30 s", "9e99h", ""}) {
    const ProgramRun run = Minos({"check", "--time-limit", limit, valid_});
    EXPECT_EQ(run.exit_code, 2) << limit;
    EXPECT_THAT(run.err, HasSubstr("as in 30s")) << limit;
  }
  for (const char* limit : {"500ms", "30s", "1.5m", "1h"}) {
    EXPECT_EQ(Exit({"--time-limit", limit}, valid_), 0) << limit;
  }
  for (const char* limit : {"2Gib", "MiB", "1 GiB", "-5MB", ""}) {
    const ProgramRun run = Minos({"check", "--memory-limit", limit, valid_});
    EXPECT_EQ(run.exit_code, 2) << limit;
    EXPECT_THAT(run.err, HasSubstr("as in 2GiB")) << limit;
  }
  for (const char* limit : {"1048576KiB", "1024MiB", "1GiB", "1000000kB",
                            "1000MB", "1GB", "1000000000"}) {
    EXPECT_EQ(Exit({"--memory-limit", limit}, valid_), 0) << limit;
  }
}

TEST_F(CheckFlags, AnEmptyValueIsAMistake) {
  for (const char* flag :
       {"--initial", "--input-format", "--output", "--certificate", "--model",
        "--consistency", "--algorithm", "--keys", "--format", "--fail-on"}) {
    const ProgramRun run = Minos({"check", flag, "", valid_});
    EXPECT_EQ(run.exit_code, 2) << flag;
    EXPECT_NE(run.err, "") << flag;
  }
}

TEST_F(CheckFlags, JobsMustBePositiveAndChangeNoVerdict) {
  EXPECT_EQ(Exit({"--jobs", "0"}, valid_), 2);
  EXPECT_EQ(Exit({"--jobs", "two"}, valid_), 2);
  EXPECT_EQ(Exit({"--jobs", "4"}, violation_), 1);
}

TEST_F(CheckFlags, OutputGoesToTheFileInsteadOfStandardOutput) {
  const ProgramRun run =
      Minos({"check", "--output", scratch_.File("out.txt"), violation_});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(scratch_.Read("out.txt"), StartsWith(violation_ + ": violation"));
}

TEST_F(CheckFlags, ReportsAreWrittenBesides) {
  const ProgramRun run =
      Minos({"check", "--report", "json=" + scratch_.File("a.json"), "--report",
             "text=" + scratch_.File("a.txt"), violation_});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, StartsWith(violation_ + ": violation"));
  EXPECT_THAT(scratch_.Read("a.json"), HasSubstr("minos.result/1"));
  EXPECT_EQ(scratch_.Read("a.txt"), run.out);
}

TEST_F(CheckFlags, AReportWithoutAFileIsRefused) {
  for (const char* report : {"json", "json="}) {
    const ProgramRun run = Minos({"check", "--report", report, valid_});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr("FORMAT=FILE"));
  }
}

TEST_F(CheckFlags, AnUnwritableOutputIsAnErrorBeforeTheWork) {
  const std::string nowhere = scratch_.File("no/such/directory/out");
  for (const auto& flags :
       std::vector<std::vector<std::string>>{{"--output", nowhere},
                                             {"--report", "json=" + nowhere},
                                             {"--certificate", nowhere}}) {
    std::vector<std::string> arguments = {"check", valid_};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const ProgramRun run = Minos(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr("cannot write to " + nowhere));
    EXPECT_THAT(run.out, IsEmpty());
  }
}

TEST_F(CheckFlags, AFullDiskIsAnErrorButNoOtherVerdict) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const ProgramRun lost = Minos({"check", "--output", "/dev/full", valid_});
  EXPECT_EQ(lost.exit_code, 2);
  EXPECT_THAT(lost.err, HasSubstr("cannot write to /dev/full: No space"));
  EXPECT_EQ(Exit({"--output", "/dev/full"}, violation_), 1);
  const ProgramRun besides =
      Minos({"check", "--report", "json=/dev/full", valid_});
  EXPECT_EQ(besides.exit_code, 2);
  EXPECT_THAT(besides.out, StartsWith(valid_ + ": valid"));
}

TEST_F(CheckFlags, AReaderThatGoesAwayIsAnError) {
  ProgramInput input;
  input.closes_output = true;
  const ProgramRun run = Minos({"check", valid_}, input);
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.signal, 0);
  EXPECT_THAT(run.err,
              HasSubstr("cannot write to standard output: Broken pipe"));
}

TEST_F(CheckFlags, QuietLeavesTheVerdicts) {
  const ProgramRun run = Minos({"check", "--quiet", valid_, violation_});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, valid_ + ": valid (register, linearizable)\n" +
                         violation_ + ": violation (register, linearizable)\n");
}

TEST_F(CheckFlags, ColorsOnlyWhereTheyAreWanted) {
  const std::string escape = "\x1b[";
  EXPECT_THAT(Minos({"check", valid_}).out, Not(HasSubstr(escape)));
  EXPECT_THAT(Minos({"check", "--color", "always", valid_}).out,
              HasSubstr(escape));
  EXPECT_THAT(Minos({"check", "--color", "never", valid_}).out,
              Not(HasSubstr(escape)));
  ProgramInput no_color;
  no_color.environment = {"NO_COLOR=1"};
  EXPECT_THAT(Minos({"check", valid_}, no_color).out, Not(HasSubstr(escape)));
  // A flag is stronger than the environment.
  EXPECT_THAT(Minos({"check", "--color", "always", valid_}, no_color).out,
              HasSubstr(escape));
}

TEST_F(CheckFlags, CertificateGivesTheOrder) {
  const ProgramRun run =
      Minos({"check", "--certificate", scratch_.File("c.json"), valid_});
  EXPECT_EQ(run.exit_code, 0);
  const auto json = nlohmann::json::parse(scratch_.Read("c.json"));
  EXPECT_EQ(json["schema"], "minos.certificate/1");
  const auto& check = json["histories"][0]["checks"][0];
  EXPECT_EQ(check["consistency"], "linearizable");
  ASSERT_EQ(check["linearization"].size(), 2u);
  EXPECT_EQ(check["linearization"][0]["f"], "write");
  EXPECT_EQ(check["linearization"][1]["f"], "read");
  EXPECT_EQ(check["linearization"][1]["line"], 3);
}

TEST_F(CheckFlags, CertificateOfAViolationIsEmpty) {
  EXPECT_EQ(Exit({"--certificate", scratch_.File("c.json")}, violation_), 1);
  const auto json = nlohmann::json::parse(scratch_.Read("c.json"));
  EXPECT_THAT(json["histories"][0]["checks"], IsEmpty());
}

TEST_F(CheckFlags, TheSameBytesTheSameReport) {
  const auto one = JsonOf(Minos({"check", "--format", "json", violation_}));
  const auto two =
      JsonOf(Minos({"check", "--format", "json", "--jobs", "3", violation_}));
  EXPECT_EQ(one["histories"][0]["checks"][0]["violations"],
            two["histories"][0]["checks"][0]["violations"]);
}

// What `minos check` prints of `file` with so many threads, but for times and
// memory, and the certificate that it writes.
std::pair<nlohmann::json, std::string> ReportWith(
    int jobs, const std::string& model, const std::string& file,
    const ScratchDirectory& scratch) {
  nlohmann::json report =
      JsonOf(Minos({"check", "--model", model, "--format", "json", "--jobs",
                    std::to_string(jobs), "--certificate",
                    scratch.File("order.json"), file}));
  for (nlohmann::json& check : report["histories"][0]["checks"]) {
    check.erase("seconds");
    check.erase("memory_bytes");
  }
  return {report, scratch.Read("order.json")};
}

// Many keys, and a file of several chunks.
TEST_F(CheckFlags, ThreadsChangeNothingButTimeAndMemory) {
  const std::string file = scratch_.File("keys.jsonl");
  EXPECT_EQ(Minos({"generate", "kv", "--ops", "20000", "--keys", "100",
                   "--info", "1", "--violation", "late", "--output", file})
                .exit_code,
            0);
  const auto one = ReportWith(1, "kv", file, scratch_);
  EXPECT_EQ(one.first["verdict"], "violation");
  EXPECT_EQ(one, ReportWith(2, "kv", file, scratch_));
}

// One object that the first attempt of a search does not decide.
TEST_F(CheckFlags, ThreadsWithinAPartChangeNothingButTimeAndMemory) {
  const std::array<std::string, 3> hard[] = {{"counter-any", "300", "11"},
                                             {"multi-register", "400", "14"}};
  for (const auto& [family, ops, seed] : hard) {
    const std::string file = scratch_.File(family + ".jsonl");
    EXPECT_EQ(Minos({"generate", family, "--ops", ops, "--clients", "30",
                     "--info", "5", "--seed", seed, "--output", file})
                  .exit_code,
              0);
    const std::string model = family == "counter-any" ? "counter" : family;
    const auto one = ReportWith(1, model, file, scratch_);
    EXPECT_EQ(one.first["verdict"], "valid");
    for (const int jobs : {2, 4}) {
      EXPECT_EQ(one, ReportWith(jobs, model, file, scratch_)) << family;
    }
  }
}

}  // namespace
}  // namespace minos::testing

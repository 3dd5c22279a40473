// minos validate, convert and list; help, version and usage errors.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class Commands : public ::testing::Test {
 protected:
  ScratchDirectory scratch_;
  std::string valid_ = scratch_.Write("valid.edn", FreshRead());
};

// --- validate ---

TEST_F(Commands, ValidateFindsNothingWrongWithAGoodFile) {
  const ProgramRun run = Minos({"validate", valid_});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, valid_ + ": no problems (edn, 2 operations)\n");
}

TEST_F(Commands, ValidateFindsAllProblemsAtOnce) {
  const std::string file = scratch_.Write(
      "bad.edn", Event(0, "ok", "read", "1") +
                     Event(1, "invoke", "write", "1") +
                     Event(1, "invoke", "write", "2") + "{:process 2\n" +
                     Event(3, "invoke", "write", "3"));
  const ProgramRun run = Minos({"validate", file});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(
      run.out,
      AllOf(HasSubstr(file + ":1:1: error: "), HasSubstr("[orphan-completion]"),
            HasSubstr(file + ":3:1: error: "), HasSubstr("[double-invoke]")));
  EXPECT_THAT(run.out, HasSubstr(" errors"));
}

TEST_F(Commands, ValidateWarnsOfATimeOutRecordedAsAFailure) {
  const std::string file =
      scratch_.Write("aborted.edn", Event(0, "invoke", "write", "7") +
                                        Event(0, "fail", "write", "7") +
                                        Whole(1, "read", "nil", "7"));
  const ProgramRun run = Minos({"validate", file});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("warning: "), HasSubstr("[aborted-read]"),
                    HasSubstr("1 warning")));
  // The report of the violation gives the same hint.
  const ProgramRun check = Minos({"check", file});
  EXPECT_EQ(check.exit_code, 1);
  EXPECT_THAT(check.out, HasSubstr("Warning: line 4"));
}

TEST_F(Commands, ValidateSpeaksJson) {
  const std::string file = scratch_.Write("bad.edn", Malformed());
  const ProgramRun run = Minos({"validate", "--format", "json", file, valid_});
  EXPECT_EQ(run.exit_code, 2);
  const auto json = JsonOf(run);
  EXPECT_EQ(json["schema"], "minos.validation/1");
  EXPECT_EQ(json["usable"], false);
  EXPECT_EQ(json["histories"][0]["problems"][0]["line"], 2);
  EXPECT_EQ(json["histories"][1]["usable"], true);
}

TEST_F(Commands, ValidateQuietlyIsOneLineAFile) {
  const std::string file = scratch_.Write("bad.edn", Malformed());
  const ProgramRun run = Minos({"validate", "--quiet", file, valid_});
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 2);
}

TEST_F(Commands, ValidateOfAMissingFileIsTwo) {
  const ProgramRun run = Minos({"validate", scratch_.File("none.edn"), valid_});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("No such file"));
  EXPECT_THAT(run.out, HasSubstr("no problems"));
}

// --- convert ---

TEST_F(Commands, ConvertGoesThereAndBackAgain) {
  for (const std::string format : {"jsonl", "json", "edn"}) {
    const std::string there = scratch_.File("there." + format);
    const ProgramRun run = Minos({"convert", valid_, "--output", there});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.out, IsEmpty());
    const ProgramRun back = Minos({"convert", there, "--to", "edn"});
    const ProgramRun direct = Minos({"convert", valid_, "--to", "edn"});
    EXPECT_EQ(back.out, direct.out);
    EXPECT_EQ(Minos({"check", there}).exit_code, 0);
  }
}

TEST_F(Commands, ConvertReadsStandardInputAndTheOldLog) {
  ProgramInput input;
  input.text =
      "INFO  jepsen.util - 0\t:invoke\t:write\t3\n"
      "INFO  jepsen.util - 0\t:ok\t:write\t3\n";
  const ProgramRun run = Minos({"convert", "-", "--to", "jsonl"}, input);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 2);
  EXPECT_THAT(run.out, HasSubstr("\"value\":3"));
}

TEST_F(Commands, ConvertRefusesWhatItCannotDo) {
  const ProgramRun log = Minos({"convert", valid_, "--to", "jepsen-log"});
  EXPECT_EQ(log.exit_code, 2);
  EXPECT_THAT(log.err, HasSubstr("there is no format to write `jepsen-log`"));
  const ProgramRun unclear =
      Minos({"convert", valid_, "--output", scratch_.File("out.txt")});
  EXPECT_EQ(unclear.exit_code, 2);
  EXPECT_THAT(unclear.err, HasSubstr("--to"));
  const ProgramRun same = Minos({"convert", valid_, "--output", valid_});
  EXPECT_EQ(same.exit_code, 2);
  EXPECT_EQ(scratch_.Read("valid.edn"), FreshRead());
}

TEST_F(Commands, ConvertWritesNothingOfABrokenFile) {
  const std::string file = scratch_.Write("bad.edn", Malformed());
  const ProgramRun run =
      Minos({"convert", file, "--output", scratch_.File("out.edn")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, StartsWith(file + ":2:"));
  EXPECT_FALSE(std::filesystem::exists(scratch_.File("out.edn")));
}

// --- list ---

TEST_F(Commands, ListPrintsWhatThereIs) {
  EXPECT_THAT(Minos({"list", "models"}).out,
              AllOf(HasSubstr("cas-register"), HasSubstr("--initial")));
  EXPECT_THAT(Minos({"list", "consistencies"}).out, HasSubstr("linearizable"));
  EXPECT_THAT(Minos({"list", "algorithms"}).out, HasSubstr("wgl"));
  EXPECT_THAT(Minos({"list", "formats"}).out, HasSubstr("json"));
  EXPECT_THAT(Minos({"list", "input-formats"}).out, HasSubstr("jepsen-log"));
  EXPECT_THAT(Minos({"list"}).out, HasSubstr("models"));
}

TEST_F(Commands, ListSpeaksJson) {
  for (const std::string topic :
       {"models", "consistencies", "algorithms", "formats", "input-formats"}) {
    const auto json = JsonOf(Minos({"list", topic, "--format", "json"}));
    ASSERT_TRUE(json[topic].is_array()) << topic;
    for (const auto& entry : json[topic]) {
      EXPECT_TRUE(entry["name"].is_string());
      EXPECT_TRUE(entry["summary"].is_string());
    }
  }
}

TEST_F(Commands, EveryListedFormatIsWritten) {
  const auto json = JsonOf(Minos({"list", "formats", "--format", "json"}));
  for (const auto& format : json["formats"]) {
    const ProgramRun run =
        Minos({"check", "--format", format["name"].get<std::string>(), valid_});
    EXPECT_EQ(run.exit_code, 0) << format << run.err;
    EXPECT_NE(run.out, "");
  }
}

TEST_F(Commands, EveryListedModelIsKnownToCheck) {
  const auto json = JsonOf(Minos({"list", "models", "--format", "json"}));
  for (const auto& model : json["models"]) {
    const ProgramRun run =
        Minos({"check", "--model", model["name"].get<std::string>(),
               scratch_.File("none")});
    EXPECT_THAT(run.err, HasSubstr("No such file"));
  }
}

TEST_F(Commands, ListSuggestsTheNearestTopic) {
  const ProgramRun run = Minos({"list", "modles"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("did you mean `models`?"));
}

// --- usage ---

TEST_F(Commands, VersionAndHelpAreResults) {
  const ProgramRun version = Minos({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, MatchesRegex("minos [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  const ProgramRun help = Minos({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, AllOf(HasSubstr("Examples:"), HasSubstr("check"),
                              HasSubstr("Exit codes:")));
  const ProgramRun check = Minos({"check", "--help"});
  EXPECT_EQ(check.exit_code, 0);
  EXPECT_THAT(check.out,
              AllOf(HasSubstr("minos check"), HasSubstr("--consistency")));
}

TEST_F(Commands, UsageErrorsAreTwoAndShort) {
  const std::vector<std::vector<std::string>> cases = {
      {},
      {"chek", valid_},
      {"check"},
      {"check", "--modle", "register", valid_},
      {"check", "--model"},
      {"check", "--jobs", "many", valid_},
      {"convert", valid_, valid_},
      {"list", "models", "formats"},
      {"--no-such-flag"},
  };
  for (const auto& arguments : cases) {
    const ProgramRun run = Minos(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_THAT(run.err, StartsWith("minos: "));
    EXPECT_LE(std::count(run.err.begin(), run.err.end(), '\n'), 2) << run.err;
  }
}

TEST_F(Commands, AnUnknownCommandSuggestsTheNearest) {
  EXPECT_THAT(Minos({"chekc", valid_}).err, HasSubstr("did you mean `check`?"));
  EXPECT_THAT(Minos({"valdate", valid_}).err,
              HasSubstr("did you mean `validate`?"));
}

}  // namespace
}  // namespace minos::testing

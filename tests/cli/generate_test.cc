// minos generate.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "generators/families.h"
#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Generate : public ::testing::Test {
 protected:
  // The exit code of the check of a history of `family`.
  int Check(const generators::FamilyInfo& family, const std::string& file) {
    std::vector<std::string> arguments = {"check", "--model",
                                          std::string(family.model), file};
    if (family.initial.has_value()) {
      arguments.insert(arguments.end(),
                       {"--initial", std::to_string(*family.initial)});
    }
    const ProgramRun run = Minos(arguments);
    EXPECT_THAT(run.err, IsEmpty()) << std::string(family.name);
    return run.exit_code;
  }

  ScratchDirectory scratch_;
};

TEST_F(Generate, EveryFamilyIsCheckedAsItsHelpSays) {
  const std::string help = Minos({"generate", "--help"}).out;
  for (const generators::FamilyInfo& family : generators::AllFamilies()) {
    const std::string name(family.name);
    EXPECT_THAT(help, HasSubstr("  " + name + " "));
    const std::string file = scratch_.File(name + ".edn");
    const ProgramRun run = Minos({"generate", name, "--ops", "100", "--clients",
                                  "4", "--info", "2", "--output", file});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_EQ(Check(family, file), 0) << name;
  }
}

TEST_F(Generate, PlantsAViolationWhereThatIsAskedFor) {
  for (const generators::FamilyInfo& family : generators::AllFamilies()) {
    const std::string name(family.name);
    // Others take longer to explain.
    if (name != "queue" && name != "mutex" && name != "semaphore") continue;
    const std::string file = scratch_.File(name + ".edn");
    const ProgramRun run =
        Minos({"generate", name, "--ops", "60", "--clients", "4", "--violation",
               "late", "--output", file});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(Check(family, file), 1) << name;
  }
}

TEST_F(Generate, WritesOneOperationForEachAskedFor) {
  const ProgramRun run = Minos({"generate", "cas", "--ops", "50", "--keys", "3",
                                "--seed", "7", "--info", "0"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 100);
  EXPECT_THAT(run.out, HasSubstr("\"key\""));
  EXPECT_EQ(run.out, Minos({"generate", "cas", "--ops", "50", "--keys", "3",
                            "--seed", "7"})
                         .out);
  EXPECT_NE(run.out, Minos({"generate", "cas", "--ops", "50", "--keys", "3",
                            "--seed", "8"})
                         .out);
}

TEST_F(Generate, WritesTheFormatThatIsAskedFor) {
  EXPECT_EQ(Minos({"generate", "mutex", "--format", "edn"}).out[0], '{');
  EXPECT_EQ(Minos({"generate", "mutex", "--format", "json"}).out[0], '[');
  const ProgramRun run =
      Minos({"generate", "mutex", "--output", scratch_.File("x.txt")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("does not tell the format"));
}

TEST_F(Generate, SaysWhatIsWrong) {
  const auto error_of = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "generate");
    const ProgramRun run = Minos(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.out, IsEmpty());
    return run.err;
  };
  EXPECT_THAT(error_of({"registr"}), HasSubstr("`register`"));
  EXPECT_THAT(error_of({"queue", "--violation", "lat"}),
              AllOf(HasSubstr("lat"), HasSubstr("late")));
  EXPECT_THAT(error_of({"queue", "--ops", "0"}), HasSubstr("operations"));
  EXPECT_THAT(error_of({"queue", "--info", "101"}), HasSubstr("100"));
  EXPECT_THAT(error_of({"queue", "--format", "ednn"}), HasSubstr("edn"));
  EXPECT_THAT(error_of({"queue", "--ops", "2", "--violation", "late"}),
              HasSubstr("no room"));
}

}  // namespace
}  // namespace minos::testing

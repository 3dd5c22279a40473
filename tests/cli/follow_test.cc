// minos check --follow and --progress, end to end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Follow : public ::testing::Test {
 protected:
  static ProgramRun Run(const std::string& text,
                        std::vector<std::string> flags = {}) {
    ProgramInput input;
    input.text = text;
    std::vector<std::string> arguments = {"check", "--follow", "--model",
                                          "register"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    arguments.push_back("-");
    return Minos(arguments, input);
  }

  ScratchDirectory scratch_;
};

TEST_F(Follow, AStreamThatEndsIsJudgedWhole) {
  const ProgramRun run = Run(FreshRead());
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("valid"));
  EXPECT_EQ(Run(StaleRead()).exit_code, 1);
}

// The input stays open: the violation does not wait for its end.
TEST_F(Follow, AViolationIsReportedWhileTheInputGoesOn) {
  ProgramInput input;
  input.text = StaleRead();
  input.interrupt_after = std::chrono::milliseconds(20000);
  const ProgramRun run = Minos(
      {"check", "--follow", "-m", "register", "--format", "json", "-"}, input);
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_LT(run.elapsed.count(), 10000);
  const auto check = JsonOf(run)["histories"][0]["checks"][0];
  EXPECT_EQ(check["verdict"], "violation");
  EXPECT_EQ(check["violations"][0]["prefix_events"], 6);
}

// What has come may end within a line when the verdict is certain.
TEST_F(Follow, AViolationIsNoErrorWhereMuchFollowsIt) {
  std::string text = StaleRead();
  for (int i = 0; i < 10'000; ++i) text += FreshRead();
  const ProgramRun run = Run(text, {"--format", "json"});
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_EQ(
      JsonOf(
          run)["histories"][0]["checks"][0]["violations"][0]["prefix_events"],
      6);
}

TEST_F(Follow, WhatIsTooMuchForTheMemoryIsUnknown) {
  ProgramInput input;
  for (int i = 0; i < 10; ++i) input.text += TooHard();
  const ProgramRun run =
      Minos({"check", "--follow", "-m", "counter", "--memory-limit", "30MiB",
             "--format", "json", "-"},
            input);
  EXPECT_EQ(run.exit_code, 3) << run.out << run.err;
  const auto check = JsonOf(run)["histories"][0]["checks"][0];
  EXPECT_EQ(check["unknown"]["reason"], "memory-limit");
}

TEST_F(Follow, KeysAndTheInitialValueAreKnown) {
  const std::string text = Whole(0, "read", "[:x nil]", "[:x 7]") +
                           Whole(0, "write", "[:x 1]", "[:x 1]") +
                           Whole(1, "read", "[:y nil]", "[:y 7]");
  EXPECT_EQ(Run(text, {"--keys", "tuple", "--initial", "7"}).exit_code, 0);
  EXPECT_EQ(Run(text, {"--keys", "tuple"}).exit_code, 1);
}

TEST_F(Follow, AFileIsTakenToGrow) {
  const std::string path = scratch_.Write("grows.edn", FreshRead());
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    std::ofstream(path, std::ios::app) << Whole(0, "write", "2", "2");
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    std::ofstream(path, std::ios::app) << Whole(1, "read", "nil", "1");
  });
  const ProgramRun run = Minos(
      {"check", "--follow", "-m", "register", "--time-limit", "20s", path});
  writer.join();
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_LT(run.elapsed.count(), 15000);
}

TEST_F(Follow, TheTimeLimitEndsIt) {
  const std::string path = scratch_.Write("ends.edn", FreshRead());
  const ProgramRun run = Minos(
      {"check", "--follow", "-m", "register", "--time-limit", "300ms", path});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("not followed to its end"));
}

TEST_F(Follow, AnInterruptEndsIt) {
  const std::string path = scratch_.Write("ends.edn", FreshRead());
  ProgramInput input;
  input.interrupt_after = std::chrono::milliseconds(500);
  const ProgramRun run =
      Minos({"check", "--follow", "-m", "register", path}, input);
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_THAT(run.out, HasSubstr("valid"));
}

TEST_F(Follow, AMalformedLineIsAnError) {
  const ProgramRun run = Run(FreshRead() + "{:process oops\n" + FreshRead());
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("standard input:6:1: error"));
}

TEST_F(Follow, WhatItCannotDoIsRefused) {
  const std::string file = scratch_.Write("a.edn", FreshRead());
  const std::string certificate = scratch_.File("c.json");
  const std::vector<std::vector<std::string>> refused = {
      {file},
      {"-m", "register", file, file},
      {"-m", "register", scratch_.path()},
      {"-m", "register", "-c", "causal", file},
      {"-m", "register", "--algorithm", "zones", file},
      {"-m", "register", "--certificate", certificate, file},
      {"-m", "register", "--jobs", "2", file}};
  for (std::vector<std::string> arguments : refused) {
    arguments.insert(arguments.begin(), {"check", "--follow"});
    const ProgramRun run = Minos(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr("--follow"));
    EXPECT_THAT(run.out, IsEmpty());
  }
}

TEST_F(Follow, WholeOperationsCannotBeFollowed) {
  const ProgramRun run =
      Run(R"({"process":0,"f":"read","result":null,"call":1,"return":2})"
          "\n");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("--follow needs events"));
}

TEST(Progress, IsShownWhereItIsWanted) {
  const ScratchDirectory scratch;
  const std::string hard = scratch.Write("hard.edn", TooHard());
  const std::vector<std::string> flags = {"--model", "counter", "--time-limit",
                                          "1500ms", hard};
  std::vector<std::string> shown = {"check", "--progress", "always"};
  shown.insert(shown.end(), flags.begin(), flags.end());
  const ProgramRun run = Minos(shown);
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("of 45 operations"));
  EXPECT_THAT(run.err, HasSubstr("configurations"));
  EXPECT_THAT(run.out, Not(HasSubstr("of 45 operations")));
  // Standard error is no terminal here.
  std::vector<std::string> hidden = {"check"};
  hidden.insert(hidden.end(), flags.begin(), flags.end());
  EXPECT_THAT(Minos(hidden).err, IsEmpty());
  EXPECT_EQ(Minos({"check", "--progress", "often", hard}).exit_code, 2);
}

}  // namespace
}  // namespace minos::testing

// Budgets are promises, and so is the end on Ctrl-C.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/cli/minos.h"
#include "tests/support/sanitized.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr size_t kMebibyte = size_t{1} << 20;

class Limits : public ::testing::Test {
 protected:
  ScratchDirectory scratch_;
  std::string hard_ = scratch_.Write("hard.edn", TooHard());
};

TEST_F(Limits, TheTimeLimitIsKept) {
  const ProgramRun run = Minos({"check", "--model", "counter", "--time-limit",
                                "1s", "--format", "json", hard_});
  EXPECT_EQ(run.exit_code, 3);
  const auto check = JsonOf(run)["histories"][0]["checks"][0];
  EXPECT_EQ(check["verdict"], "unknown");
  EXPECT_EQ(check["unknown"]["reason"], "time-limit");
  EXPECT_NE(check["unknown"]["advice"], "");
  EXPECT_GE(run.elapsed.count(), 900);
  // Generous, since other programs may share the machine.
  EXPECT_LT(run.elapsed.count(), 4000);
}

TEST_F(Limits, TheMemoryLimitIsKept) {
  const ProgramRun run =
      Minos({"check", "--model", "counter", "--memory-limit", "30MiB",
             "--time-limit", "10m", "--format", "json", hard_});
  EXPECT_EQ(run.exit_code, 3);
  const auto check = JsonOf(run)["histories"][0]["checks"][0];
  EXPECT_EQ(check["unknown"]["reason"], "memory-limit");
  if (!kIsSanitized) {
    EXPECT_LT(run.peak_bytes, 60 * kMebibyte);
  }
}

// What is needed besides the history, and is not charged to the byte, counts.
TEST_F(Limits, TheMemoryLimitIsThatOfTheWholeProgram) {
  if (kIsSanitized) GTEST_SKIP() << "a sanitizer takes memory of its own";
  for (const auto& [family, model] :
       {std::pair("multi-register", "multi-register"), std::pair("kv", "kv"),
        std::pair("queue", "fifo-queue"), std::pair("append", "list-append"),
        std::pair("register", "register")}) {
    const std::string file = scratch_.File(std::string(family) + ".jsonl");
    ASSERT_EQ(Minos({"generate", family, "--ops", "300000", "--clients", "100",
                     "--info", "5", "--violation", "late", "--output", file})
                  .exit_code,
              0);
    // At 30 MiB the columns of the history double.
    for (const size_t limit : {30, 40}) {
      const ProgramRun run = Minos({"check", "--model", model, "--memory-limit",
                                    std::to_string(limit) + "MiB",
                                    "--time-limit", "10m", "--quiet", file});
      EXPECT_EQ(run.signal, 0) << family;
      EXPECT_TRUE(run.exit_code == 1 || run.exit_code == 3)
          << family << ": " << run.out << run.err;
      EXPECT_LT(run.peak_bytes, limit * kMebibyte * 105 / 100)
          << family << ", " << limit << " MiB";
    }
  }
}

TEST_F(Limits, AHistoryThatDoesNotFitIsUnknown) {
  std::string text;
  for (int i = 0; i < 60000; ++i) {
    text += Whole(i % 5, "write", std::to_string(i), std::to_string(i));
  }
  const std::string file = scratch_.Write("long.edn", text);
  const ProgramRun run =
      Minos({"check", "--memory-limit", "2MiB", "--format", "json", file});
  EXPECT_EQ(run.exit_code, 3);
  const auto check = JsonOf(run)["histories"][0]["checks"][0];
  EXPECT_EQ(check["unknown"]["reason"], "memory-limit");
}

TEST_F(Limits, AnInterruptPrintsWhatIsKnownAndEndsWith130) {
  ProgramInput input;
  input.interrupt_after = std::chrono::milliseconds(500);
  const ProgramRun run = Minos({"check", "--model", "counter", hard_}, input);
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_EQ(run.signal, 0);
  EXPECT_THAT(run.out, StartsWith(hard_ + ": unknown: interrupted"));
}

TEST_F(Limits, AnInterruptEndsAllFiles) {
  ProgramInput input;
  input.interrupt_after = std::chrono::milliseconds(500);
  const std::string wrong = scratch_.Write("wrong.edn", Count(2));
  const ProgramRun run =
      Minos({"check", "--model", "counter", wrong, hard_, wrong}, input);
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_THAT(run.out, HasSubstr("3 files: 1 violation, 2 unknown"));
}

TEST_F(Limits, AnInterruptEndsTheWaitForInput) {
  ProgramInput input;
  input.interrupt_after = std::chrono::milliseconds(300);
  input.text = Event(0, "invoke", "write", "1");
  const ProgramRun run = Minos({"check", "-"}, input);
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_THAT(run.out, HasSubstr("unknown: interrupted"));
}

TEST_F(Limits, TheTimeLimitEndsTheWaitForInput) {
  ProgramInput input;
  input.interrupt_after = std::chrono::milliseconds(20000);  // keeps it open
  input.text = Event(0, "invoke", "write", "1");
  const ProgramRun run = Minos({"check", "--time-limit", "300ms", "-"}, input);
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.out, HasSubstr("unknown: time-limit"));
  EXPECT_LT(run.elapsed.count(), 5000);
}

}  // namespace
}  // namespace minos::testing

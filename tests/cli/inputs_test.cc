// What minos reads: standard input, gzip, many files, directories, and whatever
// a hostile disk holds.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <string>
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

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8,
               Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string input = text;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

class Inputs : public ::testing::Test {
 protected:
  ScratchDirectory scratch_;
};

TEST_F(Inputs, ADashIsStandardInput) {
  ProgramInput input;
  input.text = StaleRead();
  const ProgramRun run = Minos({"check", "-"}, input);
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, StartsWith("standard input: violation"));
}

TEST_F(Inputs, ErrorsOfStandardInputHavePositions) {
  ProgramInput input;
  input.text = Malformed();
  const ProgramRun run = Minos({"check", "-"}, input);
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, StartsWith("standard input:2:"));
}

TEST_F(Inputs, GzipIsReadFromFilesAndFromStandardInput) {
  const std::string packed = Gzip(StaleRead());
  EXPECT_EQ(Minos({"check", scratch_.Write("a.edn.gz", packed)}).exit_code, 1);
  ProgramInput input;
  input.text = packed;
  EXPECT_EQ(Minos({"check", "-"}, input).exit_code, 1);
}

TEST_F(Inputs, DirectoriesAreWalkedInTheOrderOfTheirPaths) {
  scratch_.Write("runs/b.edn", StaleRead());
  scratch_.Write("runs/a.edn", FreshRead());
  scratch_.Write("runs/deeper/c.edn", FreshRead());
  scratch_.Write("runs/.hidden/d.edn", StaleRead());
  const ProgramRun run = Minos({"check", "--quiet", scratch_.File("runs")});
  EXPECT_EQ(run.exit_code, 1);
  const std::string runs = scratch_.File("runs");
  EXPECT_EQ(run.out, runs + "/a.edn: valid (register, linearizable)\n" + runs +
                         "/b.edn: violation (register, linearizable)\n" + runs +
                         "/deeper/c.edn: valid (register, linearizable)\n");
}

TEST_F(Inputs, OtherFilesOfADirectoryAreSkippedAndNamed) {
  scratch_.Write("runs/a.edn", FreshRead());
  scratch_.Write("runs/README.md", "# Runs\n\nThese are ours.\n");
  scratch_.Write("runs/expected.tsv", "a.edn\tvalid\n");
  scratch_.Write("runs/plot.png", std::string("\x89PNG\r\n\x1a\n\0\0", 10));
  scratch_.Write("runs/results.edn", "{:valid? true, :count 3}\n");
  const ProgramRun run = Minos({"check", scratch_.File("runs")});
  EXPECT_EQ(run.exit_code, 0);
  for (const char* name :
       {"README.md", "expected.tsv", "plot.png", "results.edn"}) {
    EXPECT_THAT(run.err,
                HasSubstr(std::string(name) + ": not a history, skipped"));
    EXPECT_THAT(run.out, Not(HasSubstr(name)));
  }
  EXPECT_THAT(Minos({"check", "--quiet", scratch_.File("runs")}).err,
              IsEmpty());
}

TEST_F(Inputs, AFileThatIsNamedIsNeverSkipped) {
  const std::string file = scratch_.Write("expected.tsv", "a.edn\tvalid\n");
  EXPECT_EQ(Minos({"check", file}).exit_code, 2);
}

TEST_F(Inputs, ABrokenHistoryInADirectoryIsAnError) {
  scratch_.Write("runs/a.edn", FreshRead());
  scratch_.Write("runs/b.edn", Malformed());
  EXPECT_EQ(Minos({"check", scratch_.File("runs")}).exit_code, 2);
}

TEST_F(Inputs, AnEmptyFileInADirectoryIsAnError) {
  scratch_.Write("runs/a.edn", FreshRead());
  scratch_.Write("runs/b.edn", "");
  EXPECT_EQ(Minos({"check", scratch_.File("runs")}).exit_code, 2);
}

TEST_F(Inputs, NothingToJudgeIsAnError) {
  scratch_.Write("runs/README.md", "nothing here\n");
  const ProgramRun run = Minos({"check", scratch_.File("runs")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("there is no history to judge"));
}

TEST_F(Inputs, NamesCannotSteerTheTerminal) {
  const std::string file = scratch_.Write("a\x1b[31m.edn", FreshRead());
  const ProgramRun run = Minos({"check", file});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, AllOf(Not(HasSubstr("\x1b")), HasSubstr("\\x1b")));
}

TEST_F(Inputs, NamesThatAreNotUtf8AreStillReported) {
  const std::string file = scratch_.Write("a\xff.edn", FreshRead());
  const auto json = JsonOf(Minos({"check", "--format", "json", file}));
  EXPECT_EQ(json["verdict"], "valid");
}

struct Hostile {
  std::string name;
  std::string text;
};

class HostileInput : public ::testing::TestWithParam<Hostile> {};

// One clear error, no crash, and no verdict.
TEST_P(HostileInput, IsOneClearError) {
  ScratchDirectory scratch;
  const std::string file = scratch.Write("hostile", GetParam().text);
  const ProgramRun run = Minos({"check", "--model", "register", file});
  EXPECT_EQ(run.exit_code, 2) << run.err;
  EXPECT_EQ(run.signal, 0);
  EXPECT_THAT(run.err, StartsWith(file + ":")) << run.err;
  EXPECT_LE(std::count(run.err.begin(), run.err.end(), '\n'), 7) << run.err;
  EXPECT_LT(run.err.size(), 2000u) << "the error repeats the input";
  EXPECT_EQ(Minos({"validate", file}).exit_code, 2);
}

std::string Nested(const std::string& open, size_t depth) {
  std::string text =
      "{\"process\": 0, \"type\": \"invoke\", \"f\": \"write\", "
      "\"value\": ";
  for (size_t i = 0; i < depth; ++i) text += open;
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Files, HostileInput,
    ::testing::Values(
        Hostile{"Empty", ""}, Hostile{"BlankLines", "\n\n  \n"},
        Hostile{"Truncated", Malformed()},
        Hostile{"TruncatedGzip", Gzip(StaleRead()).substr(0, 40)},
        Hostile{"Binary", std::string("\x7f\x45LF\x02\x01\x01\0\0\0\0", 11)},
        Hostile{"Prose", "Dear reader,\nthis is not a history.\n"},
        Hostile{"DeepJson", Nested("[", 100000)},
        Hostile{"DeepMaps", Nested("{\"a\":", 100000)},
        Hostile{"DeepEdn", "{:type :invoke, :f :write, :value " +
                               std::string(100000, '[')},
        Hostile{"DeepEdnSets", "{:type :invoke, :f :write, :value #{" +
                                   std::string(100000, '(')},
        Hostile{"InvalidUtf8",
                "{\"process\": 0, \"type\": \"invoke\", \"f\": \"write\", "
                "\"value\": \"\xff\xfe\"}\n"},
        Hostile{"DuplicateKeysJson",
                "{\"process\": 0, \"type\": \"invoke\", \"f\": \"write\", "
                "\"value\": 1, \"value\": 2}\n"},
        Hostile{"DuplicateKeysEdn",
                "{:process 0, :type :invoke, :f :write, :value {:a 1, :a 2}}"},
        Hostile{"WrongTypes", "{\"process\": 0, \"type\": 5, \"f\": []}\n"},
        Hostile{"JsonNumber", "42\n"}, Hostile{"JsonArrayOfNumbers", "[1, 2]"},
        Hostile{"OrphanCompletion",
                "{:process 0, :type :ok, :f :read, :value 1}\n"}),
    [](const ::testing::TestParamInfo<Hostile>& info) {
      return info.param.name;
    });

TEST_F(Inputs, AHundredMegabytesOnOneLineAreAnErrorInBoundedMemory) {
  std::string text =
      "{\"process\": 0, \"type\": \"invoke\", \"f\": \"write\", "
      "\"value\": \"";
  text.append(100'000'000, 'a');
  const std::string file = scratch_.Write("long.jsonl", text);
  const ProgramRun run = Minos({"check", file});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, StartsWith(file + ":1:"));
  EXPECT_LT(run.err.size(), 2000u);
  EXPECT_LT(run.peak_bytes, size_t{600} << 20);
}

}  // namespace
}  // namespace minos::testing

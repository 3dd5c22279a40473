// minos fuzz, replay and merge, from the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

// What the wall clock decided is not compared.
void EraseSeconds(Json& json) {
  if (json.is_object()) json.erase("seconds");
  for (Json& part : json) {
    if (part.is_structured()) EraseSeconds(part);
  }
}

std::string WithoutSeconds(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << text;
  EraseSeconds(json);
  return json.dump(1);
}

class Fuzz : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const {
    return scratch_.File(name);
  }
  // The only file in the directory "saved", from the scratch directory on.
  std::string Saved() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(Path("saved"))) {
      names.push_back("saved/" + entry.path().filename().string());
    }
    EXPECT_EQ(names.size(), 1u);
    return names.empty() ? "" : names.front();
  }
  // Fuzzes a store with a lost update, and saves it in "saved".
  ProgramRun FindLostUpdate() {
    return Minos({"fuzz", "strong-counter", "--bug", "no-lock", "--runs", "40",
                  "--format", "json", "--save", Path("saved")});
  }

  ScratchDirectory scratch_;
};

TEST_F(Fuzz, AStoreThatKeepsItsPromisesIsValid) {
  const ProgramRun run = Minos({"fuzz", "strong-counter", "--runs", "20"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, "strong-counter: valid, 20 runs\n");
}

TEST_F(Fuzz, ABrokenPromiseIsShrunkSavedAndExplained) {
  const ProgramRun run = FindLostUpdate();
  EXPECT_EQ(run.exit_code, 1);
  const Json json = JsonOf(run);
  EXPECT_EQ(json["schema"], "minos.fuzz/1");
  EXPECT_EQ(json["verdict"], "violation");
  EXPECT_EQ(json["target"], "strong-counter");
  EXPECT_EQ(json["histories"][0]["checks"][0]["verdict"], "violation");
  const Json failure = Json::parse(scratch_.Read(Saved()));
  EXPECT_EQ(failure["schema"], "minos.failure/1");
  EXPECT_EQ(failure["broken"]["consistency"], "linearizable");
  EXPECT_LE(failure["shrunk"]["operations"], 3);
  EXPECT_EQ(failure["shrunk"]["faults"], 0);
  EXPECT_TRUE(failure["shrunk"]["minimal"]);
  EXPECT_GT(failure["found"]["operations"], 10);
}

TEST_F(Fuzz, ThreadsDoNotChangeWhatIsFound) {
  std::string outputs[2];
  const char* const jobs[] = {"1", "3"};
  for (int i = 0; i < 2; ++i) {
    const ProgramRun run =
        Minos({"fuzz", "eventual", "--bug", "clock-lost-on-restart", "--seed",
               "3", "--runs", "200", "--jobs", jobs[i], "--no-shrink",
               "--format", "json"});
    EXPECT_EQ(run.exit_code, 1);
    outputs[i] = WithoutSeconds(run.out);
  }
  EXPECT_EQ(outputs[0], outputs[1]);
}

TEST_F(Fuzz, ASavedFailureFailsAgainByteForByte) {
  FindLostUpdate();
  const std::string file = Path(Saved());
  const ProgramRun run = Minos({"replay", file});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, AllOf(HasSubstr("violation (counter, linearizable)"),
                             HasSubstr("replayed, byte for byte")));
}

TEST_F(Fuzz, AFailureThatNoLongerFailsIsValid) {
  FindLostUpdate();
  Json failure = Json::parse(scratch_.Read(Saved()));
  failure["recipe"]["bugs"] = Json::array();
  const std::string file = scratch_.Write("mended.json", failure.dump());
  const ProgramRun run = Minos({"replay", file});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("linearizable no longer fails"));
  EXPECT_THAT(run.out, HasSubstr("not the one saved by minos"));
}

TEST_F(Fuzz, WhatIsNoSavedFailureIsAnError) {
  const std::string file = scratch_.Write("other.json", "{\"schema\": 1}");
  const ProgramRun run = Minos({"replay", file});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err,
              AllOf(HasSubstr("other.json"), HasSubstr("minos.failure/1")));
}

TEST_F(Fuzz, TheCorpusIsReplayedFirst) {
  FindLostUpdate();
  const ProgramRun run =
      Minos({"fuzz", "strong-counter", "--bug", "no-lock", "--runs", "1",
             "--seed", "1000", "--corpus", Path("saved"), "--format", "json"});
  EXPECT_EQ(run.exit_code, 1);
  const Json campaign = JsonOf(run)["campaigns"][0];
  EXPECT_EQ(campaign["runs"], 0);
  EXPECT_EQ(campaign["findings"][0]["run"], nullptr);
  // Without the bug there is nothing to replay.
  EXPECT_EQ(Minos({"fuzz", "strong-counter", "--runs", "5", "--corpus",
                   Path("saved")})
                .exit_code,
            0);
}

// Bytes of every build are those that another one saved. A store that changes
// changes them: then find the failure anew, with --save.
TEST_F(Fuzz, FailuresSavedByAnotherBuildFailAgainByteForByte) {
  const fs::path directory =
      fs::path(MINOS_SOURCE_DIR) / "tests" / "data" / "failures";
  int count = 0;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const ProgramRun run = Minos({"replay", entry.path().string()});
    EXPECT_EQ(run.exit_code, 1) << entry.path();
    EXPECT_THAT(run.out, HasSubstr("replayed, byte for byte")) << entry.path();
    ++count;
  }
  EXPECT_EQ(count, 11);
}

TEST_F(Fuzz, EachBugIsPlantedInTurn) {
  const ProgramRun run = Minos({"fuzz", "strong-counter", "--bugs", "each",
                                "--runs", "40", "--format", "json"});
  EXPECT_EQ(run.exit_code, 1);
  const Json bugs = JsonOf(run)["bugs"];
  EXPECT_EQ(bugs["planted"], 2);
  EXPECT_EQ(bugs["found"], 2);
}

TEST_F(Fuzz, MergedShardsAreOneCampaign) {
  const std::vector<std::string> campaigns[] = {
      {"fuzz", "eventual", "g-set", "--bugs", "each", "--runs", "120",
       "--no-shrink"},
      {"fuzz", "eventual", "--bug", "no-anti-entropy", "--keep-going",
       "--no-shrink", "--runs", "80"},
      {"fuzz", "g-set", "--runs", "50"},
  };
  for (std::vector<std::string> whole : campaigns) {
    whole.insert(whole.end(), {"--format", "json"});
    std::vector<std::string> merge = {"merge"};
    for (int shard = 1; shard <= 4; ++shard) {
      std::vector<std::string> part = whole;
      const std::string file = Path(std::to_string(shard) + ".json");
      part.insert(part.end(),
                  {"--shard", std::to_string(shard) + "/4", "--output", file});
      Minos(part);
      merge.push_back(file);
    }
    const ProgramRun merged = Minos(merge);
    const ProgramRun one = Minos(whole);
    EXPECT_EQ(merged.exit_code, one.exit_code);
    EXPECT_EQ(WithoutSeconds(merged.out), WithoutSeconds(one.out));
    merge.pop_back();
    EXPECT_THAT(Minos(merge).err, HasSubstr("shard 4/4 is missing"));
  }
}

TEST_F(Fuzz, MergedShardsOfACheckAreOneCheck) {
  std::vector<std::string> files;
  for (int i = 0; i < 7; ++i) {
    files.push_back(scratch_.Write("h" + std::to_string(i) + ".edn",
                                   i == 5 ? StaleRead() : FreshRead()));
  }
  std::vector<std::string> whole = {"check", "--model", "register", "--format",
                                    "json"};
  whole.insert(whole.end(), files.begin(), files.end());
  std::vector<std::string> merge = {"merge"};
  for (const char* shard : {"1", "2", "3"}) {
    std::vector<std::string> part = whole;
    const std::string file = scratch_.File(std::string(shard) + ".json");
    part.insert(part.end(),
                {"--shard", std::string(shard) + "/3", "--output", file});
    Minos(part);
    merge.push_back(file);
  }
  const ProgramRun merged = Minos(merge);
  const ProgramRun one = Minos(whole);
  EXPECT_EQ(merged.exit_code, 1);
  EXPECT_EQ(one.exit_code, 1);
  EXPECT_EQ(WithoutSeconds(merged.out), WithoutSeconds(one.out));
}

// As docs/scaling.md says it.
TEST_F(Fuzz, GnuParallelSpreadsACampaign) {
  const ProgramRun found =
      RunProgram("/bin/sh", {"-c", "parallel --version 2>&1 | grep -q GNU"});
  if (found.exit_code != 0) {
    GTEST_SKIP() << "GNU parallel is not installed; `./dev setup` installs it";
  }
  const std::string campaign =
      "fuzz g-set --bug merge-by-overwrite --no-shrink --keep-going --runs 80 "
      "--format json";
  const std::string script = "cd " + scratch_.path() +
                             " && seq 4 | parallel --will-cite '" +
                             MINOS_PROGRAM + " " + campaign +
                             " --shard {}/4 --output {}.json || [ $? -le 3 ]'";
  const ProgramRun spread = RunProgram("/bin/sh", {"-c", script});
  EXPECT_EQ(spread.exit_code, 0) << spread.err;
  const ProgramRun merged = Minos({"merge", Path("1.json"), Path("2.json"),
                                   Path("3.json"), Path("4.json")});
  const ProgramRun one =
      RunProgram("/bin/sh", {"-c", MINOS_PROGRAM " " + campaign});
  EXPECT_EQ(merged.exit_code, 1);
  EXPECT_EQ(WithoutSeconds(merged.out), WithoutSeconds(one.out));
}

TEST_F(Fuzz, WrongFlagsAreErrors) {
  const std::vector<std::string> wrong[] = {
      {"fuzz", "rafd"},
      {"fuzz", "raft", "--bug", "no-lock"},
      {"fuzz", "raft", "--bugs", "some"},
      {"fuzz", "raft", "--bugs", "each", "--bug", "no-fsync"},
      {"fuzz", "raft", "--runs", "-5"},
      {"fuzz", "raft", "--shard", "5/4"},
      {"fuzz", "raft", "--schedule", "clever"},
      {"fuzz", "raft", "--consistency", "perfect"},
      {"fuzz", "raft", "--for", "5"},
  };
  for (const std::vector<std::string>& flags : wrong) {
    EXPECT_EQ(Minos(flags).exit_code, 2) << flags.back();
  }
}

}  // namespace
}  // namespace minos::testing

// Recordings that nobody here wrote, and the verdicts published with them.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/cli/minos.h"

namespace minos::testing {
namespace {

namespace fs = std::filesystem;

fs::path CorpusRoot() {
  const char* named = std::getenv("MINOS_CORPUS");
  if (named != nullptr) return named;
  return fs::path(MINOS_SOURCE_DIR) / ".." / "shared" / "histories";
}

// The verdict of each file below `path`, by its name.
std::map<std::string, std::string> Judge(
    const fs::path& path, const std::vector<std::string>& flags) {
  std::vector<std::string> arguments = {"check", "--format", "json",
                                        path.string()};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const nlohmann::json json = JsonOf(Minos(arguments));
  std::map<std::string, std::string> verdicts;
  for (const auto& history : json["histories"]) {
    verdicts[fs::path(history["file"].get<std::string>()).filename().string()] =
        history["verdict"];
  }
  return verdicts;
}

// The lines "name TAB verdict" whose file is there.
std::map<std::string, std::string> Expected(const fs::path& folder) {
  std::map<std::string, std::string> expected;
  std::ifstream in(folder / "expected.tsv");
  std::string name;
  std::string verdict;
  while (in >> name >> verdict) {
    if (fs::exists(folder / name)) expected[name] = verdict;
  }
  return expected;
}

class Corpus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(root_)) GTEST_SKIP() << "no recordings at " << root_;
  }

  const fs::path root_ = CorpusRoot();
};

TEST_F(Corpus, EtcdLogs) {
  const auto expected = Expected(root_ / "etcd");
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(Judge(root_ / "etcd", {"--model", "cas-register"}), expected);
}

TEST_F(Corpus, KeyValueServers) {
  std::map<std::string, std::string> expected;
  for (const auto& entry : fs::directory_iterator(root_ / "kv")) {
    const std::string name = entry.path().filename().string();
    const bool is_ok = name.find("-ok") != name.npos;
    expected[name] = is_ok ? "valid" : "violation";
  }
  EXPECT_EQ(Judge(root_ / "kv", {"--model", "kv"}), expected);
}

TEST_F(Corpus, KnossosCasRegisters) {
  const fs::path folder = root_ / "knossos" / "cas-register";
  auto verdicts = Judge(folder, {"--model", "cas-register", "--initial", "0"});
  const std::string minimal = "rethink-fail-minimal.edn";
  verdicts[minimal] = Judge(folder / minimal, {"--model", "cas-register",
                                               "--initial", "null"})[minimal];
  EXPECT_EQ(verdicts, Expected(folder));
}

TEST_F(Corpus, KnossosMultiRegisterAndMutex) {
  EXPECT_EQ(Judge(root_ / "knossos" / "multi-register",
                  {"--model", "multi-register", "--initial",
                   R"({"x":0,"y":0})"})["multi-register.edn"],
            "valid");
  EXPECT_EQ(
      Judge(root_ / "knossos" / "mutex", {"--model", "mutex"})["etcd.edn"],
      "violation");
}

TEST_F(Corpus, JepsenCountersAndSets) {
  const fs::path folder = root_ / "jepsen";
  EXPECT_EQ(Judge(folder / "counter.edn", {"-m", "counter"})["counter.edn"],
            "valid");
  EXPECT_EQ(Judge(folder / "counter.json", {"-m", "counter"})["counter.json"],
            "valid");
  EXPECT_EQ(Judge(folder / "set.edn", {"-m", "g-set"})["set.edn"], "valid");
  EXPECT_EQ(Judge(folder / "set_full.json", {"-m", "g-set"})["set_full.json"],
            "violation");
}

TEST_F(Corpus, JepsenBanks) {
  const fs::path folder = root_ / "jepsen";
  EXPECT_EQ(Judge(folder / "bank.json", {"-m", "bank"})["bank.json"], "valid");
  const std::string negative = "bank-negative-balances.json";
  EXPECT_EQ(Judge(folder / negative, {"-m", "bank"})[negative], "violation");
}

}  // namespace
}  // namespace minos::testing

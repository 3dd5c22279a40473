// minos verify, end to end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using ::testing::HasSubstr;

class Verify : public ::testing::Test {
 protected:
  // Writes the certificate of a check of `file` with `flags`; its path.
  std::string Certify(const std::string& file,
                      std::vector<std::string> flags = {}) {
    const std::string path = scratch_.File("certificate.json");
    flags.insert(flags.begin(), {"check", "--certificate", path});
    flags.push_back(file);
    EXPECT_EQ(Minos(flags).exit_code, 0);
    return path;
  }

  nlohmann::json ReadBack() {
    return nlohmann::json::parse(scratch_.Read("certificate.json"));
  }

  ScratchDirectory scratch_;
  std::string valid_ = scratch_.Write("valid.edn", FreshRead());
};

TEST_F(Verify, ACertificateHolds) {
  const ProgramRun run = Minos({"verify", valid_, Certify(valid_)});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, valid_ +
                         ": holds: linearizable register (2 operations in "
                         "order, of which 0 of unknown outcome)\n");
}

TEST_F(Verify, AnInfoOperationThatTookEffectIsNamed) {
  const std::string file = scratch_.Write(
      "info.edn",
      Event(0, "invoke", "write", "1") + Event(0, "info", "write", "1") +
          Event(2, "invoke", "write", "2") + Event(2, "info", "write", "2") +
          Whole(1, "read", "nil", "1"));
  const std::string certificate = Certify(file);
  EXPECT_EQ(ReadBack()["histories"][0]["checks"][0]["linearization"].size(),
            2u);
  const ProgramRun run =
      Minos({"verify", "--format", "json", file, certificate});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto json = JsonOf(run);
  EXPECT_EQ(json["schema"], "minos.verification/1");
  EXPECT_EQ(json["holds"], true);
  EXPECT_EQ(json["checks"][0]["outcome"], "holds");
  EXPECT_EQ(json["checks"][0]["info_operations"], 1);
}

TEST_F(Verify, KeysAndTheInitialValueComeWithTheCertificate) {
  std::string text;
  for (const char* key : {":x", ":y"}) {
    const std::string pair = std::string("[") + key + " ";
    text += Whole(0, "read", pair + "nil]", pair + ":a]");
    text += Whole(1, "write", pair + "1]", pair + "1]");
  }
  const std::string file = scratch_.Write("keys.edn", text);
  const std::string certificate =
      Certify(file, {"--model", "register", "--initial", ":a"});
  EXPECT_EQ(Minos({"verify", file, certificate}).exit_code, 0);
  auto json = ReadBack();
  json["histories"][0]["checks"][0]["keys"] = "none";
  const std::string changed = scratch_.Write("changed.json", json.dump());
  EXPECT_EQ(Minos({"verify", file, changed}).exit_code, 1);
}

TEST_F(Verify, ADifferentOrderIsRejectedWithTheReason) {
  Certify(valid_);
  auto json = ReadBack();
  auto& steps = json["histories"][0]["checks"][0]["linearization"];
  std::swap(steps[0], steps[1]);
  const std::string changed = scratch_.Write("changed.json", json.dump());
  const ProgramRun run = Minos({"verify", valid_, changed});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, HasSubstr("rejected"));
  EXPECT_THAT(run.out, HasSubstr("does not fit: it read 1, but"));
}

TEST_F(Verify, TheCertificateOfAnotherHistoryIsRejected) {
  const std::string other = scratch_.Write(
      "other.edn", Whole(0, "write", "1", "1") + Whole(1, "read", "nil", "1") +
                       Whole(1, "read", "nil", "1"));
  const ProgramRun run = Minos({"verify", other, Certify(valid_)});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, HasSubstr("is missing"));
}

TEST_F(Verify, AViolationHasNoCertificate) {
  const std::string stale = scratch_.Write("stale.edn", StaleRead());
  const std::string path = scratch_.File("c.json");
  EXPECT_EQ(Minos({"check", "--certificate", path, stale}).exit_code, 1);
  const ProgramRun run = Minos({"verify", stale, path});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("there is no order for"));
}

TEST_F(Verify, WhatIsNoCertificateIsAnError) {
  for (const std::string text : {"", "{", "{}", "[1, 2]"}) {
    const std::string path = scratch_.Write("c.json", text);
    const ProgramRun run = Minos({"verify", valid_, path});
    EXPECT_EQ(run.exit_code, 2) << text;
    EXPECT_THAT(run.err, HasSubstr(path));
  }
  EXPECT_EQ(Minos({"verify", valid_, scratch_.File("none")}).exit_code, 2);
  EXPECT_EQ(Minos({"verify", "-", "-"}).exit_code, 2);
  EXPECT_EQ(Minos({"verify", valid_}).exit_code, 2);
}

TEST_F(Verify, OfSeveralHistoriesTheOneOfThatNameIsTaken) {
  const std::string second =
      scratch_.Write("second.edn", Whole(0, "write", "7", "7"));
  const std::string path = scratch_.File("c.json");
  EXPECT_EQ(Minos({"check", "--certificate", path, valid_, second}).exit_code,
            0);
  EXPECT_EQ(Minos({"verify", second, path}).exit_code, 0);
  EXPECT_EQ(Minos({"verify", valid_, path}).exit_code, 0);
  const std::string third = scratch_.Write("third.edn", FreshRead());
  EXPECT_EQ(Minos({"verify", third, path}).exit_code, 2);
}

}  // namespace
}  // namespace minos::testing

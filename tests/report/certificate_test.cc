// Certificates: what the checker gives is accepted, and what is changed in it
// is not, unless brute force says that it is right all the same.

#include "report/certificate.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "checker/check.h"
#include "report/result.h"
#include "report/verify_certificate.h"
#include "tests/support/brute_force.h"
#include "tests/support/data_types.h"
#include "tests/support/plain_history.h"
#include "tests/support/random_history.h"

namespace minos::testing {
namespace {

using checker::ReplayResult;
using nlohmann::json;
using report::CertifiedHistory;

// The certificate that a check of `history` gives; nothing if the verdict is
// not valid.
std::optional<json> Certify(const history::History& history,
                            const std::string& type, history::ValueId initial,
                            const std::string& algorithm) {
  checker::CheckOptions options;
  options.model = type;
  options.initial = initial;
  options.keys = checker::KeyChoice::kNone;
  options.certificate = true;
  options.algorithm = algorithm;
  const auto verdict = checker::CheckHistory(history, options);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  if (!verdict.ok() || verdict->verdict != checker::Verdict::kValid) {
    return std::nullopt;
  }
  report::FileResult result;
  result.file = "test";
  result.history = &history;
  result.verdict = &*verdict;
  const auto renderer = report::MakeCertificateRenderer();
  std::string text = renderer->Add(result);
  text += renderer->Finish();
  json certificate = json::parse(text, nullptr, false);
  EXPECT_FALSE(certificate.is_discarded()) << text;
  return certificate;
}

ReplayResult Verify(history::History& history, const json& certificate) {
  std::istringstream in(certificate.dump());
  const auto read = report::ReadCertificate(in);
  if (!read.ok() || read->size() != 1 || (*read)[0].checks.size() != 1) {
    return {ReplayResult::Outcome::kFails, "it cannot be read", 0, 0};
  }
  return report::VerifyCheck(history, (*read)[0].checks[0]);
}

bool Holds(history::History& history, const json& certificate) {
  return Verify(history, certificate).outcome == ReplayResult::Outcome::kHolds;
}

json& StepsOf(json& certificate) {
  return certificate["histories"][0]["checks"][0]["linearization"];
}

class Certificates : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(, Certificates, ::testing::ValuesIn(AllDataTypes()),
                         NamedByParameter());

TEST_P(Certificates, OfEveryValidHistoryHold) {
  TestRandom random(1);
  const auto alphabets = LargeAlphabets(GetParam());
  size_t verified = 0;
  for (size_t i = 0; i < 800; ++i) {
    const PlainHistory plain = RandomHistory(alphabets[i % 2], 8, random);
    auto [history, initial] = ToHistory(plain);
    for (const char* algorithm : {"auto", "wgl"}) {
      const auto certificate = Certify(history, GetParam(), initial, algorithm);
      if (!certificate) continue;
      const ReplayResult result = Verify(history, *certificate);
      EXPECT_EQ(result.outcome, ReplayResult::Outcome::kHolds)
          << result.reason << '\n'
          << algorithm << ": " << ToText(plain);
      ++verified;
    }
  }
  EXPECT_GT(verified, 300u);
}

// Changes one thing. True if what the certificate says of an operation is then
// not what the history says.
bool Mutate(json& certificate, size_t operations, TestRandom& random) {
  json& steps = StepsOf(certificate);
  const auto any = [&] { return random.Below(steps.size()); };
  switch (random.Below(7)) {
    case 0:
      steps.erase(any());
      return false;
    case 1:
      steps.push_back(json(steps[any()]));
      return false;
    case 2:
      std::swap(steps[any()], steps[any()]);
      return false;
    case 3: {
      json step = steps[any()];
      steps.insert(steps.begin() + static_cast<ptrdiff_t>(any()), step);
      return false;
    }
    case 4: {
      json& number = steps[any()]["operation"];
      const size_t other = random.Below(operations + 1);
      const bool is_same = number == other;
      number = other;
      return !is_same;
    }
    case 5:
      steps[any()]["result"] = "something else";
      return true;
    default:
      steps[any()].erase("f");
      return true;
  }
}

TEST_P(Certificates, ThatWereChangedAreRejected) {
  TestRandom random(2);
  const PlainAlphabet alphabet = LargeAlphabet(GetParam(), true);
  size_t rejected = 0;
  while (rejected < 1000) {
    const PlainHistory plain = RandomHistory(alphabet, 8, random);
    auto [history, initial] = ToHistory(plain);
    const auto certificate = Certify(history, GetParam(), initial, "auto");
    if (!certificate) continue;
    for (int i = 0; i < 20; ++i) {
      json changed = *certificate;
      if (StepsOf(changed).empty()) break;
      const bool misquotes = Mutate(changed, plain.operations.size(), random);
      std::vector<uint32_t> order;
      for (const json& step : StepsOf(changed)) {
        order.push_back(step["operation"].get<uint32_t>());
      }
      if (!misquotes && IsWitness(SilenceReads(plain), order)) continue;
      EXPECT_FALSE(Holds(history, changed)) << changed.dump() << '\n'
                                            << ToText(plain);
      ++rejected;
    }
  }
}

// The same histories, with the steps quoted rightly: brute force is the judge
// of the order alone.
TEST_P(Certificates, HoldOnlyIfBruteForceAgrees) {
  TestRandom random(3);
  const PlainAlphabet alphabet = LargeAlphabet(GetParam(), true);
  size_t held = 0;
  for (size_t i = 0; i < 300; ++i) {
    const PlainHistory plain = RandomHistory(alphabet, 5, random);
    auto [history, initial] = ToHistory(plain);
    report::CertifiedCheck check{
        "linearizable", GetParam(), "none", ToText(plain.initial), {}};
    std::vector<uint32_t> order;
    for (size_t step = random.Below(plain.operations.size() + 1); step > 0;
         --step) {
      const auto op =
          static_cast<uint32_t>(random.Below(plain.operations.size()));
      order.push_back(op);
      check.linearization.push_back({op, report::StepText(history, op)});
    }
    if (report::VerifyCheck(history, check).outcome !=
        ReplayResult::Outcome::kHolds) {
      continue;
    }
    ++held;
    EXPECT_TRUE(IsWitness(SilenceReads(plain), order)) << ToText(plain);
  }
  EXPECT_GT(held, 5u);
}

std::optional<std::vector<CertifiedHistory>> Read(const std::string& text) {
  std::istringstream in(text);
  auto read = report::ReadCertificate(in);
  if (!read.ok()) return std::nullopt;
  return *std::move(read);
}

constexpr char kHead[] = R"({"schema": "minos.certificate/1", "histories": )";

TEST(ReadCertificate, TakesWhatTheRendererWrites) {
  const auto read = Read(std::string(kHead) +
                         R"([{"file": "a", "checks": []},
          {"file": "b", "checks": [{"consistency": "linearizable",
            "model": "register", "keys": "none", "initial": "3",
            "linearization": [{"operation": 4, "argument": {"operation": 1}},
                              {"operation": 0}]}]}]})");
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->size(), 2u);
  EXPECT_TRUE((*read)[0].checks.empty());
  ASSERT_EQ((*read)[1].checks.size(), 1u);
  const report::CertifiedCheck& check = (*read)[1].checks[0];
  EXPECT_EQ(check.initial, "3");
  ASSERT_EQ(check.linearization.size(), 2u);
  EXPECT_EQ(check.linearization[0].operation, 4u);
  EXPECT_EQ(check.linearization[0].text,
            R"({"argument":{"operation":1},"operation":4})");
}

TEST(ReadCertificate, RefusesWhatIsNone) {
  const std::string head = kHead;
  for (const std::string& text : {
           std::string(),
           std::string("[]"),
           std::string("{}"),
           head + "[]",
           head + "3}",
           head + R"([3]})",
           head + R"([{"file": "a"}]})",
           head + R"([{"file": "a", "checks": [3]}]})",
           head + R"([{"file": "a", "checks": [{"model": "register"}]}]})",
           head + R"([{"file": "a", "checks": [{"linearization": [3]}]}]})",
           head + R"([{"file": "a", "checks": [{"linearization": [{}]}]}]})",
           head + R"([{"x": [{"linearization": []}], "checks": []}]})",
       }) {
    EXPECT_FALSE(Read(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace minos::testing

#include "bench/cases.h"

#include <span>

#include "absl/strings/str_format.h"

namespace minos::bench {
namespace {

using generators::ViolationPlace;

// Some of everything, combined with each other.
struct Grid {
  std::vector<std::string> families;
  std::vector<int64_t> operations;
  std::vector<int> clients;
  std::vector<int> info_percents;
  std::vector<ViolationPlace> violations;
};

const std::vector<ViolationPlace> kAllPlaces = {
    ViolationPlace::kNone, ViolationPlace::kEarly, ViolationPlace::kLate};

std::vector<std::string> FamilyNames() {
  std::vector<std::string> names;
  for (const auto& family : generators::AllFamilies()) {
    names.emplace_back(family.name);
  }
  return names;
}

void AddChecks(const Grid& grid, std::vector<Case>& cases) {
  for (const std::string& family : grid.families) {
    for (const int clients : grid.clients) {
      for (const int info : grid.info_percents) {
        for (const ViolationPlace violation : grid.violations) {
          for (const int64_t operations : grid.operations) {
            cases.push_back(
                {Work::kCheck, family, operations, clients, info, violation});
          }
        }
      }
    }
  }
}

// The lower bounds.
void AddReading(const std::vector<std::string>& families,
                const std::vector<int64_t>& operations,
                std::vector<Case>& cases) {
  for (const Work work : {Work::kCountLines, Work::kRead}) {
    for (const std::string& family : families) {
      for (const int64_t count : operations) {
        cases.push_back({work, family, count});
      }
    }
  }
}

Suite QuickSuite() {
  Suite suite{{}, std::chrono::milliseconds(500)};
  const std::vector<int64_t> sizes = {1000, 10'000};
  AddReading({"register", "append"}, sizes, suite.cases);
  AddChecks({FamilyNames(),
             sizes,
             {10},
             {0, 5},
             {ViolationPlace::kNone, ViolationPlace::kLate}},
            suite.cases);
  return suite;
}

Suite FullSuite() {
  Suite suite{{}, std::chrono::seconds(10)};
  const std::vector<int64_t> sizes = {1000, 10'000, 100'000, 1'000'000};
  AddReading(FamilyNames(), sizes, suite.cases);
  AddChecks({FamilyNames(), sizes, {4, 10, 30, 100}, {0, 1, 5}, kAllPlaces},
            suite.cases);
  return suite;
}

Suite SearchSuite() {
  Suite suite{{}, std::chrono::seconds(10)};
  const std::vector<std::string> families = {
      "register-few", "cas",         "kv",   "multi-register",
      "counter-few",  "counter-any", "bank", "lock"};
  AddChecks({families, {10'000, 100'000}, {10}, {0, 1, 5}, kAllPlaces},
            suite.cases);
  AddChecks({families, {1000}, {30, 60, 100}, {0, 1, 5}, kAllPlaces},
            suite.cases);
  return suite;
}

// Those that are decided without a search, whatever crashes.
Suite DecidersSuite() {
  Suite suite{{}, std::chrono::seconds(60)};
  const std::vector<std::string> families = {
      "register", "queue", "unordered-queue", "priority-queue",
      "stack",    "set",   "g-set",           "counter",
      "append",   "mutex", "semaphore"};
  const std::vector<int64_t> sizes = {10'000, 100'000, 1'000'000};
  for (const std::string& family : families) {
    for (const int64_t size : sizes) {
      suite.cases.push_back({Work::kRead, family, size, 100, 5});
    }
    AddChecks({{family}, sizes, {100}, {5}, kAllPlaces}, suite.cases);
  }
  return suite;
}

Suite ClassicSuite() {
  Suite suite{{}, std::chrono::seconds(20)};
  const std::vector<std::string> families = {
      "register", "register-few", "cas",    "counter",
      "queue",    "stack",        "append", "bank"};
  const std::vector<ViolationPlace> places = {ViolationPlace::kNone,
                                              ViolationPlace::kLate};
  AddChecks({families, {1000}, {4, 10, 30}, {0, 5}, places}, suite.cases);
  AddChecks({families, {10'000, 100'000}, {4, 10}, {0, 5}, places},
            suite.cases);
  AddChecks({{"register"}, {10'000}, {4}, {1}, places}, suite.cases);
  AddChecks({{"bank"}, {5000}, {10}, {0}, places}, suite.cases);
  AddChecks({{"priority-queue"}, {1000}, {30}, {0, 5}, places}, suite.cases);
  suite.cases.push_back(
      {Work::kCheck, "kv", 1'000'000, 10, 0, ViolationPlace::kNone, 1000});
  return suite;
}

// More clients than a search has room for.
Suite CrowdSuite() {
  Suite suite{{}, std::chrono::seconds(10)};
  const std::vector<std::string> families = {
      "register-few", "cas",       "kv",          "multi-register",
      "bank",         "semaphore", "counter-few", "counter-any"};
  for (const uint64_t seed : {1, 2, 3}) {
    const size_t first = suite.cases.size();
    AddChecks({families,
               {1000},
               {60, 100},
               {0, 1, 5},
               {ViolationPlace::kNone, ViolationPlace::kLate}},
              suite.cases);
    for (size_t i = first; i < suite.cases.size(); ++i) {
      suite.cases[i].seed = seed;
    }
  }
  return suite;
}

}  // namespace

std::string_view ToString(Work work) {
  switch (work) {
    case Work::kCountLines:
      return "wc";
    case Work::kRead:
      return "read";
    case Work::kCheck:
      return "check";
  }
  return "check";
}

std::string Case::Row() const {
  std::string row = absl::StrFormat(
      "%s %s clients:%d info:%d %s", std::string(ToString(work)), family,
      clients, info_percent, std::string(generators::ToString(violation)));
  if (keys.has_value()) row += absl::StrFormat(" keys:%d", *keys);
  if (seed != 1) row += absl::StrFormat(" seed:%d", seed);
  return row;
}

std::optional<Suite> FindSuite(std::string_view name) {
  if (name == "quick") return QuickSuite();
  if (name == "full") return FullSuite();
  if (name == "search") return SearchSuite();
  if (name == "deciders") return DecidersSuite();
  if (name == "classic") return ClassicSuite();
  if (name == "crowd") return CrowdSuite();
  return std::nullopt;
}

}  // namespace minos::bench

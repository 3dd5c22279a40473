// What the benchmarks measure: which histories, and what is done with them.

#ifndef MINOS_BENCH_CASES_H_
#define MINOS_BENCH_CASES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generators/families.h"

namespace minos::bench {

enum class Work : uint8_t {
  kCountLines,  // of the file, as `wc -l` does: the lower bound
  kRead,        // the file, with nothing checked
  kCheck,       // the history that was read, for linearizability
};

std::string_view ToString(Work work);

struct Case {
  Work work = Work::kCheck;
  std::string family;
  int64_t operations = 1000;
  int clients = 10;
  int info_percent = 0;
  generators::ViolationPlace violation = generators::ViolationPlace::kNone;
  std::optional<int> keys = std::nullopt;
  uint64_t seed = 1;

  // What cases have in common that differ only in the number of operations:
  // "check queue clients:10 info:5 late".
  std::string Row() const;
};

struct Suite {
  std::vector<Case> cases;
  // A check that takes longer ends without a verdict.
  std::chrono::milliseconds time_limit;
};

// "quick": every family at two sizes, in less than two minutes.
// "full": every family, 1,000 to 1,000,000 operations, 4 to 100 clients.
// "search": the families that no polynomial algorithm decides, at their
//           hardest.
// "deciders": the families that are decided without a search, at up to
//             1,000,000 operations by 100 clients, of which 5 % are info.
// "classic": the families and sizes at which other checkers were measured.
// "crowd": 1,000 operations by 60 and 100 clients, of the search families.
// nullopt if there is no suite of that name.
std::optional<Suite> FindSuite(std::string_view name);

}  // namespace minos::bench

#endif  // MINOS_BENCH_CASES_H_

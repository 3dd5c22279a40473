#include "checker/lattice.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "checker/consistency_registry.h"

namespace minos::checker {
namespace {

enum class Standing : uint8_t { kHolds, kFails, kOpen };

using Standings = std::map<std::string_view, Standing>;

Standing StandingOf(Verdict verdict) {
  if (verdict == Verdict::kValid) return Standing::kHolds;
  return verdict == Verdict::kViolation ? Standing::kFails : Standing::kOpen;
}

// True if a model that holds implies the model called `name`.
bool IsImplied(const Standings& standings, std::string_view name) {
  return std::any_of(
      standings.begin(), standings.end(), [&](const auto& other) {
        return other.second == Standing::kHolds && Implies(other.first, name);
      });
}

// The models of one standing without those that another of them makes
// redundant.
std::vector<std::string> Extreme(const Standings& standings, Standing standing,
                                 bool (*covers)(std::string_view by,
                                                std::string_view name)) {
  std::vector<std::string> names;
  for (const ConsistencyInfo& info : AllConsistencies()) {
    const auto found = standings.find(info.name);
    if (found == standings.end() || found->second != standing) continue;
    const bool is_covered =
        std::any_of(standings.begin(), standings.end(), [&](const auto& other) {
          return other.first != info.name && other.second == standing &&
                 covers(other.first, info.name);
        });
    if (!is_covered) names.emplace_back(info.name);
  }
  return names;
}

std::string Mark(const Standings& standings, std::string_view name) {
  const auto found = standings.find(name);
  if (found == standings.end()) return absl::StrCat("· ", std::string(name));
  const char* const marks[] = {"✓", "✗", "?"};
  return absl::StrCat(marks[static_cast<size_t>(found->second)], " ",
                      std::string(name));
}

// Each model with what it implies at once, the strongest first.
std::vector<std::string> Picture(const Standings& standings) {
  std::vector<std::string> lines;
  for (const ConsistencyInfo& info : AllConsistencies()) {
    if (!info.parameter.empty()) continue;
    std::vector<std::string> implied;
    for (const std::string_view weaker : info.implies) {
      const auto entry = FindConsistency(weaker);
      if (entry.ok() && (*entry)->parameter.empty()) {
        implied.push_back(Mark(standings, weaker));
      }
    }
    lines.push_back(implied.empty()
                        ? Mark(standings, info.name)
                        : absl::StrCat(Mark(standings, info.name), "  ⇒  ",
                                       absl::StrJoin(implied, ", ")));
  }
  return lines;
}

void AddNote(std::vector<std::string>& notes, std::string_view what,
             const std::vector<std::string>& names) {
  notes.push_back(
      absl::StrCat(std::string(what), ": ",
                   names.empty() ? "none" : absl::StrJoin(names, ", ")));
}

}  // namespace

LatticeResult CheckLattice(
    const std::function<absl::StatusOr<CheckResult>(const std::string&)>&
        judge) {
  LatticeResult result;
  Standings standings;
  std::vector<std::string> refused;
  for (const ConsistencyInfo& info : AllConsistencies()) {
    if (!info.parameter.empty()) continue;
    if (IsImplied(standings, info.name)) {
      standings[info.name] = Standing::kHolds;
      continue;
    }
    absl::StatusOr<CheckResult> check = judge(std::string(info.name));
    if (!check.ok()) {
      refused.emplace_back(info.name);
      continue;
    }
    standings[info.name] = StandingOf(check->verdict);
    result.checks.push_back(*std::move(check));
  }
  AddNote(result.notes, "the strongest models that hold",
          Extreme(standings, Standing::kHolds,
                  [](std::string_view by, std::string_view name) {
                    return Implies(by, name);
                  }));
  AddNote(result.notes, "the weakest models that fail",
          Extreme(standings, Standing::kFails,
                  [](std::string_view by, std::string_view name) {
                    return Implies(name, by);
                  }));
  if (!refused.empty()) {
    AddNote(result.notes, "not judged for this data type", refused);
  }
  for (std::string& line : Picture(standings)) {
    result.notes.push_back(std::move(line));
  }
  return result;
}

}  // namespace minos::checker

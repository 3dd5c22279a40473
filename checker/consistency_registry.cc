#include "checker/consistency_registry.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "history/nearest_name.h"

namespace minos::checker {
namespace {

constexpr std::string_view kOfLinearizable[] = {"sequential",
                                                "bounded-staleness"};
constexpr std::string_view kOfSequential[] = {"causal-memory",
                                              "causal-convergence"};
constexpr std::string_view kOfCausalMemory[] = {"session"};
constexpr std::string_view kOfCausalConvergence[] = {"session", "coherence"};
constexpr std::string_view kOfSession[] = {"pram", "writes-follow-reads",
                                           "causal"};
constexpr std::string_view kOfPram[] = {"read-your-writes", "monotonic-reads",
                                        "monotonic-writes"};
constexpr std::string_view kOfCoherence[] = {"read-your-writes",
                                             "monotonic-reads"};

constexpr ConsistencyInfo kConsistencies[] = {
    {"linearizable",
     "every operation takes effect at one moment between its call and its "
     "return",
     ConsistencyFamily::kSequential, "", kOfLinearizable},
    {"sequential",
     "all operations take effect in one order that keeps each session's",
     ConsistencyFamily::kSequential, "", kOfSequential},
    {"causal-memory",
     "each session sees all writes in one order of its own that keeps "
     "causality",
     ConsistencyFamily::kCausal, "", kOfCausalMemory},
    {"causal-convergence",
     "causality holds, and everybody agrees which of two writes is the later",
     ConsistencyFamily::kCausal, "", kOfCausalConvergence},
    {"session",
     "read-your-writes, monotonic-reads, monotonic-writes and "
     "writes-follow-reads together",
     ConsistencyFamily::kSession, "", kOfSession},
    {"causal",
     "no read returns what its causal past had overwritten",
     ConsistencyFamily::kCausal,
     "",
     {}},
    {"pram", "read-your-writes, monotonic-reads and monotonic-writes together",
     ConsistencyFamily::kSession, "", kOfPram},
    {"coherence", "each key by itself is sequentially consistent",
     ConsistencyFamily::kSession, "", kOfCoherence},
    {"read-your-writes",
     "a session sees what it wrote itself",
     ConsistencyFamily::kSession,
     "",
     {}},
    {"monotonic-reads",
     "a session never goes back to an older value",
     ConsistencyFamily::kSession,
     "",
     {}},
    {"monotonic-writes",
     "who sees a write sees the earlier writes of the same session",
     ConsistencyFamily::kSession,
     "",
     {}},
    {"writes-follow-reads",
     "who sees a write sees what its session had read before it",
     ConsistencyFamily::kSession,
     "",
     {}},
    {"bounded-staleness",
     "a read is at most so many versions, or so much time, behind",
     ConsistencyFamily::kStaleness,
     "k:N or t:DURATION",
     {}},
    {"strong-eventual",
     "reads that have seen the same updates return the same, at any time",
     ConsistencyFamily::kConvergence,
     "",
     {}},
    {"eventual",
     "when updates end, all final reads of a key agree",
     ConsistencyFamily::kConvergence,
     "",
     {}},
};

}  // namespace

std::string_view ToString(ConsistencyFamily family) {
  switch (family) {
    case ConsistencyFamily::kSequential:
      return "sequential";
    case ConsistencyFamily::kSession:
      return "session";
    case ConsistencyFamily::kCausal:
      return "causal";
    case ConsistencyFamily::kStaleness:
      return "staleness";
    case ConsistencyFamily::kConvergence:
      return "convergence";
  }
  return "session";
}

std::span<const ConsistencyInfo> AllConsistencies() { return kConsistencies; }

absl::StatusOr<const ConsistencyInfo*> FindConsistency(std::string_view name) {
  const size_t plus = name.find('+');
  if (plus != std::string_view::npos) {
    const auto rest = FindConsistency(name.substr(plus + 1));
    return rest.ok() ? FindConsistency(name.substr(0, plus)) : rest;
  }
  const std::string_view bare = name.substr(0, name.find('='));
  std::vector<std::string_view> names;
  for (const ConsistencyInfo& info : kConsistencies) {
    if (info.name == bare) return &info;
    names.push_back(info.name);
  }
  return absl::NotFoundError(absl::StrCat(
      "there is no consistency model `", std::string(bare), "`; did you mean `",
      std::string(history::NearestName(bare, names)), "`?"));
}

bool Implies(std::string_view stronger, std::string_view weaker) {
  if (stronger == weaker) return true;
  const absl::StatusOr<const ConsistencyInfo*> info = FindConsistency(stronger);
  if (!info.ok()) return false;
  return std::any_of(
      (*info)->implies.begin(), (*info)->implies.end(),
      [&](std::string_view next) { return Implies(next, weaker); });
}

}  // namespace minos::checker

// What a check says, and the evidence that comes with it.

#ifndef MINOS_CHECKER_VERDICT_H_
#define MINOS_CHECKER_VERDICT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

// Whether a history keeps a consistency model.
enum class Verdict : uint8_t {
  kValid,      // every operation is explained
  kViolation,  // what happened was not allowed
  kUnknown,    // a budget ran out, or the history cannot decide it
};

// Why a verdict is unknown. The list is closed; scripts depend on the names.
enum class UnknownReason : uint8_t {
  kTimeLimit,
  kMemoryLimit,
  kInterrupted,
  kAmbiguousValues,     // a value was written more than once
  kAssumptionViolated,  // the rule is judged given another, which fails
  kUnsupported,         // the history does not carry what the check needs
};

// "valid", "violation", "unknown".
std::string_view ToString(Verdict verdict);
// "time-limit", "memory-limit", "interrupted", "ambiguous-values",
// "assumption-violated", "unsupported".
std::string_view ToString(UnknownReason reason);

// The verdict on a whole whose parts got `a` and `b`: violation > unknown >
// valid.
Verdict Combine(Verdict a, Verdict b);

// Why nobody knows, and what can be done.
struct Unknown {
  UnknownReason reason = UnknownReason::kTimeLimit;
  std::string progress;  // how far it got, one sentence
  std::string advice;    // what the user can do, one sentence
};

// One reason why an operation cannot come next.
struct Refusal {
  history::OpIndex op = 0;
  std::string reason;  // "it read 3, but the value is 4"
};

// A state that the object could have been in at the point where no way led on,
// and why each operation that was open there does not fit it.
struct Impasse {
  std::string state;  // "the value is 4"
  // What had to happen, in this order, to get there from the last point at
  // which everything was certain; may be empty.
  std::vector<history::OpIndex> path;
  std::vector<Refusal> refusals;
};

// One step of a proof by contradiction: `from` must come before `to`.
struct ProofEdge {
  history::OpIndex from = 0;
  history::OpIndex to = 0;
  std::string rule;  // "session-order", "reads-from", "read-your-writes", …
  std::string because;  // one sentence
};

// A violation, explained. `sentences` and `core` are complete in themselves: a
// reader who looks at the core's operations only can follow the sentences.
struct Violation {
  std::string kind;  // "not-linearizable", "thin-air-read", …
  history::ValueId key =
      history::kNoValue;  // of the partition, if there is one
  std::string summary;    // one sentence
  std::vector<std::string> sentences;
  // The operations that force the contradiction, in the order of their calls.
  // For a linearizability violation the core, with every other operation
  // dropped and each of `relaxed` turned into one that may or may not have
  // happened, is violated by itself.
  std::vector<history::OpIndex> core;
  std::vector<history::OpIndex> relaxed;  // a subset of core
  // The operation at whose return the violation became certain, given the
  // results that the operations open then returned later.
  std::optional<history::OpIndex> culprit;
  // How many of the first events are a violation already, whatever had not
  // completed by then being open; 0 where the check does not know it.
  size_t prefix_events = 0;
  std::vector<Impasse> impasses;
  std::vector<ProofEdge> cycle;
};

// The verdict of one check, such as "linearizable register".
struct CheckResult {
  std::string consistency;  // "linearizable", "causal", …
  std::string model;        // "register", …; empty where none applies
  Verdict verdict = Verdict::kValid;
  std::string algorithm;  // "wgl", "zones", …; several joined by "+"
  size_t partitions = 0;  // how many parts were judged independently
  size_t operations = 0;  // how many operations were judged
  double seconds = 0;
  size_t configurations = 0;  // how many the search visited
  size_t memory_bytes = 0;    // the most that the check held at once
  std::vector<Violation> violations;
  std::optional<Unknown> unknown;  // set exactly if the verdict is unknown
  // Observations that no verdict depends on, one sentence each.
  std::vector<std::string> notes;
  // For a valid linearizable check: the operations of all parts in one order
  // that explains them, info operations only where they took effect. Empty
  // unless it was asked for.
  std::vector<history::OpIndex> linearization;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_VERDICT_H_

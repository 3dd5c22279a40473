#include "tests/support/convergence_oracle.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "history/operation.h"

namespace minos::testing {
namespace {

using history::Outcome;

bool SomeReadIsUnexplained(const TinyFacts& facts) {
  return !AnyChoice(facts, [](const Choice&) { return true; });
}

bool ReturnedTheSame(const TinyOp& a, const TinyOp& b) {
  return a.value == b.value && a.shown == b.shown;
}

// The flagged ones, or else those called when all was quiet and no update was
// left to end.
OpSet FinalReads(const TinyFacts& facts, int heal) {
  OpSet flagged = 0;
  int quiet = heal;
  for (size_t op = 0; op < facts.ops.size(); ++op) {
    const TinyOp& is = facts.ops[op];
    if (is.is_final) flagged |= Only(op);
    if (is.is_read) continue;
    quiet = std::max(quiet, 1 + (is.ret == kTinyNever ? is.call : is.ret));
  }
  if (flagged != 0) return flagged;
  OpSet late = 0;
  for (size_t op = 0; op < facts.ops.size(); ++op) {
    if (facts.IsRead(op) && facts.ops[op].call >= quiet) late |= Only(op);
  }
  return late;
}

// The updates that a last word has to tell of: to add nothing leaves no trace.
OpSet CertainUpdates(const TinyFacts& facts, int key) {
  OpSet certain = facts.updates & ~facts.info & facts.OfKey(key);
  for (size_t op = 0; op < facts.ops.size(); ++op) {
    const bool adds_nothing =
        facts.type == TinyType::kCounter && facts.ops[op].value == 0;
    if (adds_nothing) certain &= ~Only(op);
  }
  return certain;
}

// True if the set that `read` returned has what all of `updates` add.
bool HasElementsOf(const TinyFacts& facts, size_t read, OpSet updates) {
  const std::vector<int>& elements = facts.ops[read].shown;
  for (size_t update = 0; update < facts.ops.size(); ++update) {
    if (Contains(updates, update) &&
        !std::binary_search(elements.begin(), elements.end(),
                            facts.ops[update].value)) {
      return false;
    }
  }
  return true;
}

// True if `read` may be the last word about its key when it showed this.
bool MayBeFinal(const TinyFacts& facts, size_t read, const Shown& shown) {
  const OpSet certain = CertainUpdates(facts, facts.ops[read].key);
  if (facts.type == TinyType::kSet) return HasElementsOf(facts, read, certain);
  if (facts.type != TinyType::kRegister) {
    return (certain & ~shown.updates) == 0;
  }
  if (shown.updates == 0) return certain == 0;
  const size_t last = static_cast<size_t>(std::countr_zero(shown.updates));
  for (size_t update = 0; update < facts.ops.size(); ++update) {
    const bool overwrote =
        Contains(certain, update) && facts.session.Has(last, update);
    if (overwrote) return false;
  }
  return true;
}

}  // namespace

TinyAnswer AnswerEventual(const TinyFacts& facts, int heal) {
  if (SomeReadIsUnexplained(facts)) return TinyAnswer::kFails;
  const OpSet final = FinalReads(facts, heal);
  if (final == 0) return TinyAnswer::kCannotTell;
  for (size_t read = 0; read < facts.ops.size(); ++read) {
    if (!Contains(final, read)) continue;
    for (size_t other = 0; other < read; ++other) {
      const bool same_key = facts.ops[other].key == facts.ops[read].key;
      if (Contains(final, other) && same_key &&
          !ReturnedTheSame(facts.ops[other], facts.ops[read])) {
        return TinyAnswer::kFails;
      }
    }
    const bool may_be = std::any_of(
        facts.shown[read].begin(), facts.shown[read].end(),
        [&](const Shown& shown) { return MayBeFinal(facts, read, shown); });
    if (!may_be) return TinyAnswer::kFails;
  }
  return TinyAnswer::kHolds;
}

TinyAnswer AnswerStrongEventual(const TinyFacts& facts) {
  if (SomeReadIsUnexplained(facts)) return TinyAnswer::kFails;
  const bool results_tell =
      facts.type == TinyType::kSet || facts.type == TinyType::kList;
  bool tells = facts.type == TinyType::kCounter;
  for (size_t read = 0; read < facts.ops.size(); ++read) {
    const bool versioned = facts.ops[read].version != 0;
    if (facts.IsRead(read) && (results_tell || versioned)) tells = true;
  }
  if (!tells) return TinyAnswer::kCannotTell;
  const bool holds = AnyChoice(facts, [&](const Choice& choice) {
    for (size_t a = 0; a < facts.ops.size(); ++a) {
      for (size_t b = 0; b < a; ++b) {
        const TinyOp& x = facts.ops[a];
        const TinyOp& y = facts.ops[b];
        if (!x.is_read || !y.is_read || x.key != y.key) continue;
        const bool saw_the_same =
            x.version != 0 || y.version != 0
                ? x.version == y.version
                : results_tell && choice[a]->updates == choice[b]->updates;
        if (saw_the_same && !ReturnedTheSame(x, y)) return false;
      }
    }
    return true;
  });
  return holds ? TinyAnswer::kHolds : TinyAnswer::kFails;
}

}  // namespace minos::testing

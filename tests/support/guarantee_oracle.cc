#include "tests/support/guarantee_oracle.h"

#include <algorithm>
#include <vector>

namespace minos::testing {

GuaranteeRules ParseGuarantees(std::string_view names,
                               TinyArbitration arbitration) {
  const auto has = [&](std::string_view name) {
    return names.find(name) != std::string_view::npos;
  };
  GuaranteeRules rules;
  const bool all = has("session");
  rules.read_your_writes = all || has("read-your-writes") || has("pram");
  rules.monotonic_reads = all || has("monotonic-reads") || has("pram");
  rules.monotonic_writes = all || has("monotonic-writes") || has("pram");
  rules.writes_follow_reads = all || has("writes-follow-reads");
  rules.arbitration = arbitration;
  return rules;
}

GuaranteeOracle::GuaranteeOracle(const TinyFacts& facts, const Choice& choice,
                                 GuaranteeRules rules)
    : facts_(facts), choice_(choice), rules_(rules) {
  for (size_t b = 0; b < facts.ops.size(); ++b) {
    if (facts.IsRead(b)) continue;
    for (size_t a = 0; a < facts.ops.size(); ++a) {
      if (facts.IsRead(a)) {
        // b follows the read a.
        if (!rules.writes_follow_reads || !facts.session.Has(a, b)) continue;
        along_[b] |= choice[a]->updates;
      } else if (rules.monotonic_writes && facts.session.Has(a, b)) {
        along_[b] |= Only(a);
      }
    }
  }
  for (size_t b = 0; b < facts.ops.size(); ++b) {
    for (size_t a = 0; a < facts.ops.size(); ++a) {
      if (facts.IsRead(a) || facts.IsRead(b) || a == b) continue;
      const bool comes_before = Contains(along_[b], a) || IsArbitrated(a, b);
      if (comes_before && !arbitration_.Add(a, b)) is_possible_ = false;
    }
  }
}

// By the rules for the order of the updates of one key.
bool GuaranteeOracle::IsArbitrated(size_t a, size_t b) const {
  if (facts_.ops[a].key != facts_.ops[b].key) return false;
  switch (rules_.arbitration) {
    case TinyArbitration::kNone:
      return false;
    case TinyArbitration::kSession:
      return facts_.session.Has(a, b);
    case TinyArbitration::kRealTime:
      return facts_.real_time.Has(a, b);
    case TinyArbitration::kVersions: {
      const int before = facts_.ops[a].version;
      const int after = facts_.ops[b].version;
      return facts_.session.Has(a, b) ||
             (before != 0 && after != 0 && before < after);
    }
  }
  return false;
}

bool GuaranteeOracle::Allows(OpSet reads) const {
  std::vector<size_t> order;
  for (size_t read = 0; read < facts_.ops.size(); ++read) {
    if (Contains(reads & facts_.reads, read)) order.push_back(read);
  }
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return facts_.ops[a].call < facts_.ops[b].call;
  });
  SeenSets seen{};
  return is_possible_ && HasVisibility(order, seen, arbitration_);
}

bool GuaranteeOracle::AllowsEachSession() const {
  return std::all_of(
      facts_.sessions.begin(), facts_.sessions.end(),
      [&](int session) { return Allows(facts_.OfSession(session)); });
}

// Tries all that the first of `reads` may have seen, then those after it. What
// the reads before it saw is in `seen`.
bool GuaranteeOracle::HasVisibility(std::span<const size_t> reads,
                                    SeenSets& seen,
                                    const TinyOrder& arbitration) const {
  if (reads.empty()) return true;
  const size_t read = reads.front();
  OpSet least = choice_[read]->updates;
  if (rules_.read_your_writes) {
    least |= facts_.session.before[read] & facts_.updates;
  }
  if (rules_.monotonic_reads) {
    for (size_t other = 0; other < facts_.ops.size(); ++other) {
      if (facts_.session.Has(other, read)) least |= seen[other];
    }
  }
  const OpSet rest = facts_.updates & ~least;
  // Every subset of the rest, the empty one first.
  OpSet more = 0;
  do {
    const OpSet saw = least | more;
    TinyOrder demanded = arbitration;
    if (IsClosed(saw) && Explain(facts_, read, saw, *choice_[read], demanded)) {
      seen[read] = saw;
      if (HasVisibility(reads.subspan(1), seen, demanded)) return true;
    }
    more = (more - rest) & rest;
  } while (more != 0);
  seen[read] = 0;
  return false;
}

// True if `saw` has what the sight of each of its updates brings along.
bool GuaranteeOracle::IsClosed(OpSet saw) const {
  for (size_t update = 0; update < facts_.ops.size(); ++update) {
    if (Contains(saw, update) && (along_[update] & ~saw) != 0) return false;
  }
  return true;
}

}  // namespace minos::testing

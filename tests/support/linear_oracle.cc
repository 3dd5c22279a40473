#include "tests/support/linear_oracle.h"

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

namespace minos::testing {
namespace {

class LinearSearch {
 public:
  LinearSearch(const TinyFacts& facts, const LinearQuestion& question)
      : facts_(facts), question_(question) {}

  // True if `placed_` can be continued.
  bool Extend(OpSet placed) {
    const OpSet left = question_.members & ~placed;
    if ((left & ~question_.optional) == 0) return true;
    for (size_t op = 0; op < facts_.ops.size(); ++op) {
      if (!Contains(left, op)) continue;
      if ((question_.order.before[op] & left) != 0) continue;
      if (Contains(question_.judged, op) && !ReturnsWhatItShould(op)) continue;
      order_.push_back(op);
      const bool found = Extend(placed | Only(op));
      order_.pop_back();
      if (found) return true;
    }
    return false;
  }

 private:
  bool ReturnsWhatItShould(size_t read) const {
    std::vector<size_t> seen = SeenBy(read);
    for (int left = question_.versions; left > 0; --left) {
      if (MayHaveSeen(read, seen) && Returns(read, seen)) return true;
      if (seen.empty()) return false;
      seen.pop_back();
    }
    return false;
  }

  std::vector<size_t> SeenBy(size_t read) const {
    std::vector<size_t> seen;
    for (const size_t op : order_) {
      // Adding nothing to a counter makes no version, and nobody sees it.
      const bool changes = question_.choice != nullptr ||
                           facts_.type != TinyType::kCounter ||
                           facts_.ops[op].value != 0;
      if (!facts_.IsRead(op) && changes &&
          facts_.ops[op].key == facts_.ops[read].key &&
          (question_.visible == nullptr || question_.visible->Has(op, read))) {
        seen.push_back(op);
      }
    }
    return seen;
  }

  bool MayHaveSeen(size_t read, std::span<const size_t> seen) const {
    if (facts_.type == TinyType::kRegister) {
      return seen.empty() || facts_.MaySee(read, seen.back());
    }
    return std::all_of(seen.begin(), seen.end(), [&](size_t update) {
      return facts_.MaySee(read, update);
    });
  }

  bool Returns(size_t read, std::span<const size_t> seen) const {
    if (question_.choice == nullptr) return Makes(facts_, seen, read);
    const Shown& shown = *(*question_.choice)[read];
    if (facts_.type == TinyType::kRegister) {
      return shown.updates == (seen.empty() ? 0 : Only(seen.back()));
    }
    OpSet updates = 0;
    for (const size_t update : seen) updates |= Only(update);
    return updates == shown.updates &&
           (facts_.type != TinyType::kList ||
            std::equal(seen.begin(), seen.end(), shown.order.begin(),
                       shown.order.end()));
  }

  const TinyFacts& facts_;
  const LinearQuestion& question_;
  std::vector<size_t> order_;
};

}  // namespace

bool HasLinearOrder(const TinyFacts& facts, const LinearQuestion& question) {
  return LinearSearch(facts, question).Extend(0);
}

bool AllowsLinear(const TinyFacts& facts, const TinyOrder& order,
                  int versions) {
  LinearQuestion question;
  question.members = facts.all;
  question.optional = facts.info;
  question.order = order;
  question.judged = facts.reads;
  question.versions = versions;
  return HasLinearOrder(facts, question);
}

}  // namespace minos::testing

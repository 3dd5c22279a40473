// Which elements the removals took whose outcome nobody knows.

#ifndef MINOS_CHECKER_DECIDERS_REMOVAL_CHOICE_H_
#define MINOS_CHECKER_DECIDERS_REMOVAL_CHOICE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/budget.h"

namespace minos::checker {

// The removals with an unknown outcome by the order of their calls, and the
// elements by numbers; some of these are lost, that is, no removal of them is
// known. What fits together is up to the data type.
class RemovalRules {
 public:
  static constexpr uint32_t kNoRemoval = 0xFFFFFFFFu;
  using Elements = std::vector<uint32_t>;  // sorted
  // By element: the removal that may take it, kNoRemoval if none does.
  using Removals = std::span<const uint32_t>;

  // Elements that do not fit together, or not with what is demanded of them.
  struct Conflict {
    uint32_t demand;
    Elements elements;
  };

  virtual ~RemovalRules() = default;

  virtual size_t element_count() const = 0;
  virtual size_t removal_count() const = 0;
  virtual bool IsLost(uint32_t element) const = 0;
  // Whether `elements` do not meet `demand`, whatever the others are. What is a
  // conflict stays one if there are more elements, or if any are taken by later
  // removals or by none.
  virtual bool IsConflict(uint32_t demand, const Elements& elements,
                          Removals removals) = 0;
  // Some conflicts among all elements, `most` at most; none if all fits.
  virtual std::vector<Conflict> FindConflicts(Removals removals,
                                              size_t most) = 0;
};

struct RemovalChoice {
  enum class Kind : uint8_t { kFound, kNone, kGivenUp };
  Kind kind = Kind::kGivenUp;
  // Found: lost elements with the removals that may have taken them, no removal
  // twice. The others are never taken. All fits if those of these may be taken
  // as soon as the removal is called.
  std::vector<std::pair<uint32_t, uint32_t>> taken;
};

// Chooses what the removals took, so that there is no conflict. Exact; gives up
// if it has looked at more than `effort` elements, each time that it did
// counted, or if `budget` is exhausted. See removal_choice.cc.
RemovalChoice ChooseRemovals(RemovalRules& rules, size_t effort,
                             Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_REMOVAL_CHOICE_H_

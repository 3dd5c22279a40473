// The smallest violated prefix where it matters what removals took whose
// outcome nobody knows.
//
// In a prefix the removals that are open may have taken anything. A decider
// first finds a contradiction that holds even if each of the elements that are
// lost so far could be taken by the open removal that was called first. Then
// the history is a violation; but a smaller prefix may be one as well. So it
// goes back, return by return, to where there is a choice that explains the
// prefix.

#ifndef MINOS_CHECKER_DECIDERS_CHOSEN_PREFIX_H_
#define MINOS_CHECKER_DECIDERS_CHOSEN_PREFIX_H_

#include <cstddef>
#include <string>
#include <vector>

#include "checker/decider.h"
#include "checker/deciders/removal_choice.h"
#include "checker/deciders/smallest_prefix.h"

namespace minos::checker {

class ChoosingJudge : public PrefixJudge {
 public:
  // Whether the prefix up to `last` certainly has a linearization, given that
  // the next return is that of `next`. Quick, and false in doubt.
  virtual bool IsCertainlyValid(Moment last, history::OpIndex next) = 0;
  // Whether there is a choice that explains the prefix up to `last`. Exact
  // where it does not give up.
  virtual RemovalChoice::Kind Choose(Moment last) = 0;
  // The same for the whole history.
  virtual RemovalChoice::Kind ChooseForAll() { return Choose(history::kNever); }
  // REQUIRES: a choice that explains the whole was looked for last, and found.
  virtual std::vector<history::OpIndex> Linearization() const = 0;
};

// What is spent on choosing among `elements`, in elements looked at.
constexpr size_t ChoiceEffort(size_t elements) {
  return size_t{2'000'000} + size_t{4} * elements;
}

// The decision on the whole history, whose precondition holds. A violation goes
// back to where it became certain, or says that its culprit is not exact.
// `no_choice` says what is wrong whatever the removals took, `no_verdict` why
// nothing is decided.
Decision DecideByChoosing(ChoosingJudge& judge, const DeciderInput& input,
                          std::string no_choice, std::string no_verdict,
                          Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_DECIDERS_CHOSEN_PREFIX_H_

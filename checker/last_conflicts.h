// A depth-first search over questions that decides first what made it go back
// last.
//
// A contradiction often has to do with a few answers, and many others lie
// between them. So a question whose answer did not hold is asked first from
// then on: when the search goes back past one that has nothing to do with it,
// it meets the contradiction at once, and leaves the others unexplored
// (Lecoutre et al., "Reasoning from last conflict(s)", AIJ 2009). In which
// order the questions are asked has no part in the answer.

#ifndef MINOS_CHECKER_LAST_CONFLICTS_H_
#define MINOS_CHECKER_LAST_CONFLICTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "checker/budget.h"

namespace minos::checker {

enum class SearchEnd : uint8_t { kFound, kNone, kGaveUp };

// Finds answers to all questions of `theory`, which has
//
//   Question             copied and compared
//   Place Save()         what is known, and back to there
//   Restore(Place)
//   FindOpen(Question&)  a question that is open; false if there is none
//   IsOpen(Question)
//   Try(Question&)       takes one answer, and notes in the question which;
//                        false if that cannot be, or there is none
//   Refute(Question)     takes it that this answer is wrong; false likewise
//   Follow()             draws all conclusions; false on a contradiction
//   effort()             how much was done so far
//
// and draws conclusions that hold whatever is still open. Gives up after
// `max_effort`, or when the budget is exhausted.
template <typename Theory>
SearchEnd SearchAnswers(Theory& theory, size_t max_effort, Budget& budget) {
  using Question = typename Theory::Question;
  constexpr size_t kRemembered = 16;
  struct Decision {
    Question question;
    typename Theory::Place place;
  };
  std::vector<Decision> decisions;
  std::deque<Question> conflicts;
  const auto find = [&](Question& question) {
    for (const Question& last : conflicts) {
      if (!theory.IsOpen(last)) continue;
      question = last;
      return true;
    }
    return theory.FindOpen(question);
  };
  Question question;
  while (find(question)) {
    const Question asked = question;
    decisions.push_back({question, theory.Save()});
    bool holds = theory.Try(decisions.back().question) && theory.Follow();
    if (!holds) {
      std::erase(conflicts, asked);
      conflicts.push_front(asked);
      if (conflicts.size() > kRemembered) conflicts.pop_back();
    }
    while (!holds) {
      if (budget.Exhausted() || theory.effort() > max_effort) {
        return SearchEnd::kGaveUp;
      }
      if (decisions.empty()) return SearchEnd::kNone;
      const Decision last = std::move(decisions.back());
      decisions.pop_back();
      theory.Restore(last.place);
      holds = theory.Refute(last.question) && theory.Follow();
    }
    if (budget.Exhausted() || theory.effort() > max_effort) {
      return SearchEnd::kGaveUp;
    }
  }
  return SearchEnd::kFound;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_LAST_CONFLICTS_H_

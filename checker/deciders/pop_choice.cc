// Which elements of a stack the pops took whose outcome nobody knows.
//
// Number the pops with an unknown outcome in the order of their calls. The
// earlier the pop that may take a lost element, the shorter is the core of its
// interval (nesting.cc), and the longest is that of an element that is never
// popped; its limits are the same, since what may be popped may also stay for
// ever. So if some elements cannot be nested, whatever the others, or the cores
// of some cover a miss, that stays so if their pops are later ones, or none.
// Each such conflict is a *clause*: some lost element of it, e, is taken by one
// of the first d(e) pops. A solution meets all clauses, and a choice of which
// pops take what that is in no conflict is a solution.
//
// The search gives lost elements deadlines until each clause is met by one of
// them, trying one element of a clause after the other; what was tried before
// is then known not to be. Elements with deadlines can be given pops of their
// own that keep them exactly if, of each number of pops, no more have to be
// among these (Hall); then the earliest deadline gets the first pop, and so on.
// If that is no conflict, it is a solution. If it is one, then of a clause that
// these pops do not meet: none of its elements has so early a deadline. So each
// round brings a new clause, and of those there are finitely many.
//
// A conflict is made as small as possible before it becomes a clause: first
// nothing can be left out of it, lost elements being left out rather than
// others, then the pop of none of them could be an earlier one. So most clauses
// have one element or two, and few are needed. Most elements stand in none.
// Those that stood in some are looked at before all are.
//
// Cost. O(n log n) for each look at all elements, of which there are about as
// many as clauses, a handful as a rule; the choices among the elements of
// clauses are exponentially many at worst.

#include "checker/deciders/pop_choice.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace minos::checker {
namespace {

constexpr uint32_t kNoPop = 0xFFFFFFFFu;
// What a look costs beside the elements looked at, in elements.
constexpr size_t kLookEffort = 4;
// How many conflicts are taken from one look at all elements.
constexpr size_t kMostConflicts = 8;
// How many deadlines may be added one upon the other; so many calls are nested.
constexpr size_t kMostDepth = 1000;

// Moments after `begin` and up to `end`.
struct Segment {
  Moment begin;
  Moment end;
  bool operator<(const Segment& other) const { return begin < other.begin; }
};

// What the cores of `elements` cover; the segments are sorted, and disjoint.
std::vector<Segment> CoveredBy(std::span<const Flexible> elements) {
  std::vector<Segment> cores;
  for (const Flexible& element : elements) {
    if (element.is_trivial()) continue;
    cores.push_back({element.begin_by, element.end_from});
  }
  std::sort(cores.begin(), cores.end());
  std::vector<Segment> covered;
  for (const Segment& core : cores) {
    if (covered.empty() || core.begin > covered.back().end) {
      covered.push_back(core);
    } else {
      covered.back().end = std::max(covered.back().end, core.end);
    }
  }
  return covered;
}

// Whether there is no moment of `miss` but those in `covered`.
bool IsCovered(const std::vector<Segment>& covered,
               const PopProblem::Miss& miss) {
  const auto after = std::upper_bound(covered.begin(), covered.end(),
                                      Segment{miss.call, miss.call});
  return after != covered.begin() && (after - 1)->end >= miss.end;
}

class PopSearch {
 public:
  PopSearch(const PopProblem& problem, size_t effort, Budget& budget)
      : problem_(problem),
        left_(effort),
        budget_(budget),
        pop_of_(problem.elements.size(), kNoPop) {}

  PopChoice Run() {
    PopChoice choice;
    if (Solve()) {
      choice.kind = PopChoice::Kind::kFound;
      for (const auto& [deadline, element] : deadlines_) {
        choice.taken.emplace_back(element, pop_of_[element]);
      }
    } else if (!is_over_) {
      choice.kind = PopChoice::Kind::kNone;
    }
    return choice;
  }

 private:
  using Elements = std::vector<uint32_t>;
  using IsConflict = std::function<bool(const Elements&)>;

  // That an element is taken by one of the first so many pops.
  struct Literal {
    uint32_t element;
    uint32_t deadline;
  };
  using Clause = std::vector<Literal>;

  bool IsLost(uint32_t element) const {
    return problem_.elements[element].latest == history::kNever;
  }
  bool IsSpent(size_t effort);
  Flexible Interval(uint32_t element) const;
  std::vector<Flexible> Intervals(const Elements& elements) const;
  bool IsNestable(const Elements& elements);
  bool Covers(const Elements& elements, uint32_t miss);
  Elements Reduce(Elements conflict, const IsConflict& is_conflict);
  void Learn(Elements conflict, const IsConflict& is_conflict);
  bool LearnFromMet();
  bool LearnFromAll();
  bool LearnFromMisses(const std::vector<Flexible>& all);
  bool IsMet(const Clause& clause) const;
  bool IsRefused(const Literal& literal) const;
  const Clause* ClauseToMeet() const;
  bool AddDeadline(Literal literal);
  void AssignPops();
  bool Solve();

  const PopProblem& problem_;
  size_t left_;
  Budget& budget_;
  bool is_over_ = false;
  size_t depth_ = 0;
  std::vector<uint32_t> pop_of_;  // by element
  std::vector<Clause> clauses_;
  // With their elements, sorted; an element may have several.
  std::vector<std::pair<uint32_t, uint32_t>> deadlines_;
  // Literals that do not hold: all choices in which they do have been tried.
  std::vector<Literal> refused_;
  Elements met_;  // the elements that stood in conflicts, sorted
  std::vector<uint32_t> met_misses_;
};

// Takes note of an effort. True if there has been enough of it.
bool PopSearch::IsSpent(size_t effort) {
  if (effort > left_ || budget_.Exhausted()) is_over_ = true;
  left_ -= std::min(left_, effort);
  return is_over_;
}

Flexible PopSearch::Interval(uint32_t element) const {
  const Flexible& interval = problem_.elements[element];
  return pop_of_[element] == kNoPop
             ? interval
             : TakenBy(interval, problem_.pops[pop_of_[element]]);
}

std::vector<Flexible> PopSearch::Intervals(const Elements& elements) const {
  std::vector<Flexible> intervals;
  intervals.reserve(elements.size());
  for (const uint32_t i : elements) intervals.push_back(Interval(i));
  return intervals;
}

bool PopSearch::IsNestable(const Elements& elements) {
  return IsSpent(elements.size() + kLookEffort) ||
         Nest(Intervals(elements), budget_).exists;
}

bool PopSearch::Covers(const Elements& elements, uint32_t miss) {
  return !IsSpent(elements.size() + kLookEffort) &&
         IsCovered(CoveredBy(Intervals(elements)), problem_.misses[miss]);
}

// A part of `conflict` that is one and of which nothing can be left out: the
// last that is needed, of as few of the first as will do, is part of it; then
// so of those before it.
PopSearch::Elements PopSearch::Reduce(Elements conflict,
                                      const IsConflict& is_conflict) {
  std::stable_partition(conflict.begin(), conflict.end(), [&](uint32_t i) {
    return !IsLost(i) || pop_of_[i] != kNoPop;
  });
  Elements kept;
  while (!conflict.empty() && !is_over_ && !is_conflict(kept)) {
    const auto with = [&](size_t count) {
      Elements elements = kept;
      elements.insert(elements.end(), conflict.begin(),
                      conflict.begin() + static_cast<ptrdiff_t>(count));
      std::sort(elements.begin(), elements.end());
      return elements;
    };
    // The first `few` are not enough, the first `enough` are.
    size_t few = 0;
    size_t enough = conflict.size();
    while (few + 1 < enough && !is_over_) {
      const size_t middle = few + (enough - few) / 2;
      (is_conflict(with(middle)) ? enough : few) = middle;
    }
    kept.push_back(conflict[enough - 1]);
    std::sort(kept.begin(), kept.end());
    conflict.resize(enough - 1);
  }
  return kept;
}

// Makes a clause of a conflict.
void PopSearch::Learn(Elements conflict, const IsConflict& is_conflict) {
  conflict = Reduce(std::move(conflict), is_conflict);
  Clause clause;
  for (const uint32_t element : conflict) {
    if (!IsLost(element)) continue;
    const uint32_t pop = pop_of_[element];
    // The first pop that is too late.
    uint32_t late = std::min(pop, static_cast<uint32_t>(problem_.pops.size()));
    for (uint32_t early = 0; early < late && !is_over_;) {
      const uint32_t middle = early + (late - early) / 2;
      pop_of_[element] = middle;
      if (is_conflict(conflict)) {
        late = middle;
      } else {
        early = middle + 1;
      }
    }
    pop_of_[element] = late < problem_.pops.size() ? late : pop;
    if (late > 0) clause.push_back({element, late});
  }
  // The pops were changed for this clause only.
  for (const uint32_t element : conflict) pop_of_[element] = kNoPop;
  AssignPops();
  if (is_over_) return;
  clauses_.push_back(std::move(clause));
  Elements all;
  std::set_union(met_.begin(), met_.end(), conflict.begin(), conflict.end(),
                 std::back_inserter(all));
  met_ = std::move(all);
}

// Makes a clause of a conflict among the elements and misses that have been
// met; false if there is none.
bool PopSearch::LearnFromMet() {
  const auto is_unnestable = [this](const Elements& elements) {
    return !IsNestable(elements);
  };
  if (is_unnestable(met_)) {
    Learn(met_, is_unnestable);
    return true;
  }
  for (const uint32_t miss : met_misses_) {
    const auto covers = [this, miss](const Elements& elements) {
      return Covers(elements, miss);
    };
    if (!covers(met_)) continue;
    Learn(met_, covers);
    return true;
  }
  return false;
}

// The same for some conflicts among all elements.
bool PopSearch::LearnFromAll() {
  std::vector<Flexible> all;
  all.reserve(problem_.elements.size());
  for (uint32_t i = 0; i < problem_.elements.size(); ++i) {
    all.push_back(Interval(i));
  }
  if (IsSpent(all.size())) return false;
  Nesting nesting = Nest(all, budget_, /*want_all_conflicts=*/true);
  if (IsSpent(0)) return false;
  if (nesting.exists) return LearnFromMisses(all);
  std::vector<Elements>& conflicts = nesting.more_conflicts;
  conflicts.push_back(std::move(nesting.conflict));
  for (size_t i = 0; i < conflicts.size() && i < kMostConflicts; ++i) {
    Learn(std::move(conflicts[i]),
          [this](const Elements& elements) { return !IsNestable(elements); });
  }
  return true;
}

// The same for the first miss that is covered.
bool PopSearch::LearnFromMisses(const std::vector<Flexible>& all) {
  const std::vector<Segment> covered = CoveredBy(all);
  for (uint32_t miss = 0; miss < problem_.misses.size(); ++miss) {
    const auto [call, end] = problem_.misses[miss];
    if (!IsCovered(covered, problem_.misses[miss])) continue;
    Elements near;
    for (uint32_t i = 0; i < all.size(); ++i) {
      if (all[i].begin_by < end && all[i].end_from > call) near.push_back(i);
    }
    met_misses_.push_back(miss);
    Learn(std::move(near), [this, miss](const Elements& elements) {
      return Covers(elements, miss);
    });
    return true;
  }
  return false;
}

bool PopSearch::IsMet(const Clause& clause) const {
  return std::any_of(
      clause.begin(), clause.end(), [this](const Literal& literal) {
        return std::any_of(deadlines_.begin(), deadlines_.end(),
                           [&](const auto& known) {
                             return known.second == literal.element &&
                                    known.first <= literal.deadline;
                           });
      });
}

bool PopSearch::IsRefused(const Literal& literal) const {
  return std::any_of(refused_.begin(), refused_.end(),
                     [&](const Literal& other) {
                       return other.element == literal.element &&
                              other.deadline >= literal.deadline;
                     });
}

// Of the clauses that no deadline meets one with the fewest literals left; null
// if there is none.
const PopSearch::Clause* PopSearch::ClauseToMeet() const {
  const Clause* shortest = nullptr;
  size_t fewest = 0;
  for (const Clause& clause : clauses_) {
    if (IsMet(clause)) continue;
    const auto left = static_cast<size_t>(std::count_if(
        clause.begin(), clause.end(),
        [this](const Literal& literal) { return !IsRefused(literal); }));
    if (shortest != nullptr && left >= fewest) continue;
    shortest = &clause;
    fewest = left;
  }
  return shortest;
}

// False if the deadlines can no longer be kept.
bool PopSearch::AddDeadline(Literal literal) {
  std::erase_if(deadlines_, [&](const auto& known) {
    return known.second == literal.element;
  });
  const std::pair<uint32_t, uint32_t> added(literal.deadline, literal.element);
  deadlines_.insert(
      std::lower_bound(deadlines_.begin(), deadlines_.end(), added), added);
  for (size_t i = 0; i < deadlines_.size(); ++i) {
    if (deadlines_[i].first <= i) return false;
  }
  return true;
}

void PopSearch::AssignPops() {
  for (const uint32_t element : met_) pop_of_[element] = kNoPop;
  for (uint32_t i = 0; i < deadlines_.size(); ++i) {
    pop_of_[deadlines_[i].second] = i;
  }
}

// Whether there is a solution that keeps the deadlines; if so, the pops are one
// then.
bool PopSearch::Solve() {
  if (++depth_ > kMostDepth) is_over_ = true;
  bool has_choice = true;
  while (has_choice && !is_over_) {
    if (const Clause* found = ClauseToMeet()) {
      const Clause clause = *found;
      const auto deadlines = deadlines_;
      const size_t refused = refused_.size();
      for (const Literal& literal : clause) {
        if (IsRefused(literal)) continue;
        if (IsSpent(clauses_.size()) || (AddDeadline(literal) && Solve())) {
          return !is_over_;
        }
        deadlines_ = deadlines;
        refused_.push_back(literal);
      }
      refused_.resize(refused);
      has_choice = false;
    } else {
      AssignPops();
      if (!LearnFromMet() && !LearnFromAll()) return !is_over_;
    }
  }
  --depth_;
  return false;
}

}  // namespace

PopChoice ChoosePops(const PopProblem& problem, size_t effort, Budget& budget) {
  return PopSearch(problem, effort, budget).Run();
}

}  // namespace minos::checker

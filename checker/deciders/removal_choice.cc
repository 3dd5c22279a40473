// Which elements the removals took whose outcome nobody knows.
//
// Number the removals with an unknown outcome in the order of their calls. The
// earlier the removal that may take a lost element, the less is this element in
// the way of others, and the most is one that is never taken; what may be taken
// may also stay for ever. So if some elements do not fit together, whatever the
// others, that stays so if their removals are later ones, or none. Each such
// conflict is a *clause*: some lost element of it, e, is taken by one of the
// first d(e) removals. A solution meets all clauses, and a choice of which
// removals take what that is in no conflict is a solution.
//
// The search gives lost elements deadlines until each clause is met by one of
// them, trying one element of a clause after the other; what was tried before
// is then known not to be. Elements with deadlines can be given removals of
// their own that keep them exactly if, of each number of removals, no more have
// to be among these (Hall); then the earliest deadline gets the first removal,
// and so on. If that is no conflict, it is a solution. If it is one, then of a
// clause that these removals do not meet: none of its elements has so early a
// deadline. So each round brings a new clause, and of those there are finitely
// many.
//
// A conflict is made as small as possible before it becomes a clause: first
// nothing can be left out of it, lost elements being left out rather than
// others, then the removal of none of them could be an earlier one. So most
// clauses have one element or two, and few are needed. Most elements stand in
// none. Those that stood in some are looked at before all are.
//
// Cost. A look at all elements, of which there are about as many as clauses, a
// handful as a rule; the choices among the elements of clauses are
// exponentially many at worst.

#include "checker/deciders/removal_choice.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "checker/effort.h"

namespace minos::checker {
namespace {

constexpr uint32_t kNoRemoval = RemovalRules::kNoRemoval;
// What a look costs beside the elements looked at, in elements.
constexpr size_t kLookEffort = 4;
// How many conflicts are taken from one look at all elements.
constexpr size_t kMostConflicts = 8;
// How many deadlines may be added one upon the other; so many calls are nested.
constexpr size_t kMostDepth = 1000;

class RemovalSearch {
 public:
  RemovalSearch(RemovalRules& rules, size_t effort, Budget& budget)
      : rules_(rules),
        effort_(effort),
        budget_(budget),
        removal_of_(rules.element_count(), kNoRemoval) {}

  RemovalChoice Run() {
    RemovalChoice choice;
    if (Solve()) {
      choice.kind = RemovalChoice::Kind::kFound;
      for (const auto& [deadline, element] : deadlines_) {
        choice.taken.emplace_back(element, removal_of_[element]);
      }
    } else if (!is_over_) {
      choice.kind = RemovalChoice::Kind::kNone;
    }
    return choice;
  }

 private:
  using Elements = RemovalRules::Elements;
  using Conflict = RemovalRules::Conflict;

  // That an element is taken by one of the first so many removals.
  struct Literal {
    uint32_t element;
    uint32_t deadline;
  };
  using Clause = std::vector<Literal>;

  bool IsSpent(size_t effort);
  bool IsConflict(uint32_t demand, const Elements& elements);
  Elements Reduce(Conflict conflict);
  void Learn(Conflict conflict);
  void Meet(const Conflict& conflict);
  bool LearnFromMet();
  bool LearnFromAll();
  bool IsMet(const Clause& clause) const;
  bool IsRefused(const Literal& literal) const;
  const Clause* ClauseToMeet() const;
  bool AddDeadline(Literal literal);
  void AssignRemovals();
  bool Solve();

  RemovalRules& rules_;
  Effort effort_;
  Budget& budget_;
  bool is_over_ = false;
  size_t depth_ = 0;
  std::vector<uint32_t> removal_of_;  // by element
  std::vector<Clause> clauses_;
  // With their elements, sorted; an element may have several.
  std::vector<std::pair<uint32_t, uint32_t>> deadlines_;
  // Literals that do not hold: all choices in which they do have been tried.
  std::vector<Literal> refused_;
  // What stood in conflicts, sorted.
  Elements met_;
  std::vector<uint32_t> met_demands_;
};

// Takes note of an effort. True if there has been enough of it.
bool RemovalSearch::IsSpent(size_t effort) {
  effort_.Spend(effort);
  if (effort_.IsSpent() || budget_.Exhausted()) is_over_ = true;
  return is_over_;
}

bool RemovalSearch::IsConflict(uint32_t demand, const Elements& elements) {
  return !IsSpent(elements.size() + kLookEffort) &&
         rules_.IsConflict(demand, elements, removal_of_);
}

// A part of the conflict that is one and of which nothing can be left out: the
// last that is needed, of as few of the first as will do, is part of it; then
// so of those before it.
RemovalSearch::Elements RemovalSearch::Reduce(Conflict conflict) {
  Elements& elements = conflict.elements;
  std::stable_partition(elements.begin(), elements.end(), [&](uint32_t i) {
    return !rules_.IsLost(i) || removal_of_[i] != kNoRemoval;
  });
  Elements kept;
  while (!elements.empty() && !is_over_ && !IsConflict(conflict.demand, kept)) {
    const auto with = [&](size_t count) {
      Elements some = kept;
      some.insert(some.end(), elements.begin(),
                  elements.begin() + static_cast<ptrdiff_t>(count));
      std::sort(some.begin(), some.end());
      return some;
    };
    // The first `few` are not enough, the first `enough` are.
    size_t few = 0;
    size_t enough = elements.size();
    while (few + 1 < enough && !is_over_) {
      const size_t middle = few + (enough - few) / 2;
      (IsConflict(conflict.demand, with(middle)) ? enough : few) = middle;
    }
    kept.push_back(elements[enough - 1]);
    std::sort(kept.begin(), kept.end());
    elements.resize(enough - 1);
  }
  return kept;
}

// Makes a clause of a conflict.
void RemovalSearch::Learn(Conflict conflict) {
  conflict.elements = Reduce(conflict);
  Clause clause;
  for (const uint32_t element : conflict.elements) {
    if (!rules_.IsLost(element)) continue;
    const uint32_t removal = removal_of_[element];
    // The first removal that is too late.
    uint32_t late =
        std::min(removal, static_cast<uint32_t>(rules_.removal_count()));
    for (uint32_t early = 0; early < late && !is_over_;) {
      const uint32_t middle = early + (late - early) / 2;
      removal_of_[element] = middle;
      if (IsConflict(conflict.demand, conflict.elements)) {
        late = middle;
      } else {
        early = middle + 1;
      }
    }
    removal_of_[element] = late < rules_.removal_count() ? late : removal;
    if (late > 0) clause.push_back({element, late});
  }
  // The removals were changed for this clause only.
  for (const uint32_t element : conflict.elements) {
    removal_of_[element] = kNoRemoval;
  }
  AssignRemovals();
  if (is_over_) return;
  clauses_.push_back(std::move(clause));
  Meet(conflict);
}

void RemovalSearch::Meet(const Conflict& conflict) {
  Elements all;
  std::set_union(met_.begin(), met_.end(), conflict.elements.begin(),
                 conflict.elements.end(), std::back_inserter(all));
  met_ = std::move(all);
  const auto at = std::lower_bound(met_demands_.begin(), met_demands_.end(),
                                   conflict.demand);
  if (at == met_demands_.end() || *at != conflict.demand) {
    met_demands_.insert(at, conflict.demand);
  }
}

// Makes a clause of a conflict among what has been met; false if there is none.
bool RemovalSearch::LearnFromMet() {
  for (const uint32_t demand : met_demands_) {
    if (!IsConflict(demand, met_)) continue;
    Learn({demand, met_});
    return true;
  }
  return false;
}

// The same for some conflicts among all elements.
bool RemovalSearch::LearnFromAll() {
  if (IsSpent(rules_.element_count())) return false;
  std::vector<Conflict> conflicts =
      rules_.FindConflicts(removal_of_, kMostConflicts);
  if (IsSpent(0)) return false;
  for (Conflict& conflict : conflicts) Learn(std::move(conflict));
  return !conflicts.empty();
}

bool RemovalSearch::IsMet(const Clause& clause) const {
  return std::any_of(
      clause.begin(), clause.end(), [this](const Literal& literal) {
        return std::any_of(deadlines_.begin(), deadlines_.end(),
                           [&](const auto& known) {
                             return known.second == literal.element &&
                                    known.first <= literal.deadline;
                           });
      });
}

bool RemovalSearch::IsRefused(const Literal& literal) const {
  return std::any_of(refused_.begin(), refused_.end(),
                     [&](const Literal& other) {
                       return other.element == literal.element &&
                              other.deadline >= literal.deadline;
                     });
}

// Of the clauses that no deadline meets one with the fewest literals left; null
// if there is none.
const RemovalSearch::Clause* RemovalSearch::ClauseToMeet() const {
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
bool RemovalSearch::AddDeadline(Literal literal) {
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

void RemovalSearch::AssignRemovals() {
  for (const uint32_t element : met_) removal_of_[element] = kNoRemoval;
  for (uint32_t i = 0; i < deadlines_.size(); ++i) {
    removal_of_[deadlines_[i].second] = i;
  }
}

// Whether there is a solution that keeps the deadlines; if so, the removals are
// one then.
bool RemovalSearch::Solve() {
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
      AssignRemovals();
      if (!LearnFromMet() && !LearnFromAll()) return !is_over_;
    }
  }
  --depth_;
  return false;
}

}  // namespace

RemovalChoice ChooseRemovals(RemovalRules& rules, size_t effort,
                             Budget& budget) {
  return RemovalSearch(rules, effort, budget).Run();
}

}  // namespace minos::checker

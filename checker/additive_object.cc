// Where nobody says what the places held at the start, it is what an operation
// saw, less what came before it: all that had returned when it was called, and
// some of what was open then or was called before it returned. So every
// operation that sees allows as many starts as the additions in doubt have
// sums, and a start that explains the history is allowed by all of them. The
// operations with the fewest additions in doubt leave next to nothing of that.
//
// The first of them tells all that it allows, the others which of these they
// allow too: those that are less than what it saw by the sum of some of one
// half of its additions in doubt, and of some of the other half.
//
// Where a prefix allows too many, some of them are likelier than others: those
// that what was seen later allows too. An operation that would leave none of
// them is passed over; what it saw may be the violation.

#include "checker/additive_object.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace minos::checker {
namespace {

// What the number of a view counts a place with. Of one place it is what that
// place holds.
uint64_t FactorOf(uint32_t place, size_t places_of_view) {
  return places_of_view == 1 ? 1 : PlaceFactor(place);
}

// So many starts are tried; of more, nothing is said.
constexpr size_t kMostStarts = 64;
// An operation is not asked where its additions in doubt have more sums, which
// is taken for granted where more additions are.
constexpr size_t kMostSums = size_t{1} << 15;
constexpr size_t kMostInDoubt = 128;
// So many operations are asked, unless one start is left before that, and so
// many sums are looked at, all in all.
constexpr size_t kMostAsked = 512;
constexpr size_t kMostSumsInAll = 32 * kMostSums;

// An operation that sees, and what may have come before it.
struct Witness {
  size_t in_doubt = 0;  // how many additions
  uint32_t call = 0;    // events
  uint32_t end = 0;
  uint32_t operation = 0;
  size_t open = 0;       // how many of those in doubt were open at its call
  uint64_t certain = 0;  // the sum of what had returned
};

// Sums of the subsets of `amounts`, each once, ascending; none where there are
// more than kMostSums. O(amounts · sums).
std::vector<uint64_t> SubsetSumsOf(std::span<const uint64_t> amounts) {
  std::vector<uint64_t> sums = {0};
  std::vector<uint64_t> without;
  std::vector<uint64_t> with;
  for (const uint64_t amount : amounts) {
    without.swap(sums);
    with = without;
    for (uint64_t& sum : with) sum += amount;
    // Ascending again, where they passed 2^64.
    const auto wrapped = std::is_sorted_until(with.begin(), with.end());
    std::rotate(with.begin(), wrapped, with.end());
    sums.clear();
    std::set_union(without.begin(), without.end(), with.begin(), with.end(),
                   std::back_inserter(sums));
    if (sums.size() > kMostSums) return {};
  }
  return sums;
}

// Tells the starts of an object with one view.
class StartFinder {
 public:
  StartFinder(const AdditiveObject& object, const Timeline& timeline,
              uint32_t end)
      : object_(object), timeline_(timeline) {
    FindWitnesses(end);
  }

  // Those that all witnesses allow, as far as these were asked; nothing where
  // none could be.
  std::optional<std::vector<uint64_t>> AllowedByAll() const {
    std::optional<std::vector<uint64_t>> starts;
    size_t looked_at = 0;
    for (const Witness& witness : Asked()) {
      Narrow(witness, starts, looked_at);
      const bool is_told = starts && starts->size() <= 1;
      if (is_told || looked_at > kMostSumsInAll) break;
    }
    return starts;
  }

  // Of `starts` (nothing: of all), those that the witnesses allow, but for
  // witnesses that would leave none. At most kMostStarts.
  std::vector<uint64_t> AllowedByMost(
      std::optional<std::vector<uint64_t>> starts) const {
    size_t looked_at = 0;
    for (const Witness& witness : Asked()) {
      std::optional<std::vector<uint64_t>> left = starts;
      Narrow(witness, left, looked_at);
      if (left && !left->empty()) starts = std::move(left);
      const bool is_told = starts && starts->size() <= 1;
      if (is_told || looked_at > kMostSumsInAll) break;
    }
    if (!starts) return {};
    starts->resize(std::min(starts->size(), kMostStarts));
    return *std::move(starts);
  }

 private:
  void FindWitnesses(uint32_t end);
  std::vector<uint64_t> InDoubt(const Witness& witness) const;
  void Narrow(const Witness& witness,
              std::optional<std::vector<uint64_t>>& starts,
              size_t& looked_at) const;

  std::span<const Witness> Asked() const {
    return std::span(witnesses_).first(std::min(witnesses_.size(), kMostAsked));
  }
  ActionId ActionOf(TimelineEvent event) const {
    return event.type == TimelineEvent::Type::kCrash
               ? timeline_.crashes()[event.subject].action
               : timeline_.operations()[event.subject].action;
  }

  const AdditiveObject& object_;
  const Timeline& timeline_;
  std::vector<Witness> witnesses_;
  std::vector<uint32_t> crashes_;  // the events of info operations that add
};

// Those that return before `end` and may be asked, those with the fewest
// additions in doubt first. In doubt is what was called before the return, and
// had not returned before the call.
void StartFinder::FindWitnesses(uint32_t end) {
  std::vector<Witness> called(timeline_.operations().size());
  size_t calls = 0;    // of additions
  size_t returns = 0;  // of these
  uint64_t returned = 0;
  for (uint32_t i = 0; i < end; ++i) {
    const TimelineEvent event = timeline_.event(i);
    const ActionId action = ActionOf(event);
    const bool adds = object_.Adds(action);
    const bool sees = object_.Sees(action);
    switch (event.type) {
      case TimelineEvent::Type::kCrash:
        if (adds) crashes_.push_back(i);
        break;
      case TimelineEvent::Type::kCall:
        if (sees) {
          called[event.subject] = {returns,         i,       0, event.subject,
                                   calls - returns, returned};
        }
        calls += adds ? 1 : 0;
        break;
      case TimelineEvent::Type::kReturn:
        if (sees) {
          Witness witness = called[event.subject];
          witness.end = i;
          // Its own addition comes after what it sees.
          witness.in_doubt =
              calls + crashes_.size() - witness.in_doubt - (adds ? 1 : 0);
          if (witness.in_doubt <= kMostInDoubt) witnesses_.push_back(witness);
        }
        returns += adds ? 1 : 0;
        if (adds) returned += object_.Effect(action, 0);
        break;
    }
  }
  std::sort(witnesses_.begin(), witnesses_.end(),
            [](const Witness& a, const Witness& b) {
              return std::tie(a.in_doubt, a.call) <
                     std::tie(b.in_doubt, b.call);
            });
}

std::vector<uint64_t> StartFinder::InDoubt(const Witness& witness) const {
  std::vector<uint64_t> amounts;
  const auto add = [&](uint32_t event) {
    amounts.push_back(object_.Effect(ActionOf(timeline_.event(event)), 0));
  };
  const auto is_added = [&](uint32_t event) {
    return timeline_.event(event).type == TimelineEvent::Type::kCall &&
           object_.Adds(ActionOf(timeline_.event(event)));
  };
  size_t open = witness.open;
  for (uint32_t i = witness.call; open > 0; --i) {
    if (!is_added(i - 1)) continue;
    const uint32_t operation = timeline_.event(i - 1).subject;
    if (timeline_.operations()[operation].return_event < witness.call) continue;
    add(i - 1);
    --open;
  }
  for (uint32_t i = witness.call + 1; i < witness.end; ++i) {
    if (is_added(i)) add(i);
  }
  for (const uint32_t crash : crashes_) {
    if (crash < witness.end) add(crash);
  }
  return amounts;
}

// Leaves of `starts` those that `witness` allows; all of those, if there are
// none yet. Nothing changes where that would be too much work.
void StartFinder::Narrow(const Witness& witness,
                         std::optional<std::vector<uint64_t>>& starts,
                         size_t& looked_at) const {
  const ActionId action = timeline_.operations()[witness.operation].action;
  const uint64_t added_in_doubt = object_.TargetOf(action) - witness.certain;
  const std::vector<uint64_t> amounts = InDoubt(witness);
  if (!starts) {
    std::vector<uint64_t> sums = SubsetSumsOf(amounts);
    looked_at += sums.empty() ? kMostSums : sums.size();
    if (sums.empty()) return;
    for (uint64_t& sum : sums) sum = added_in_doubt - sum;
    starts = std::move(sums);
    return;
  }
  const size_t half = amounts.size() / 2;
  const auto some = SubsetSumsOf(std::span(amounts).first(half));
  const auto others = SubsetSumsOf(std::span(amounts).subspan(half));
  if (some.empty() || others.empty()) {
    looked_at += kMostSums;
    return;
  }
  looked_at += some.size() * starts->size() + others.size();
  if (looked_at > kMostSumsInAll) return;
  const auto is_sum = [&](uint64_t missing) {
    return std::any_of(some.begin(), some.end(), [&](uint64_t sum) {
      return std::binary_search(others.begin(), others.end(), missing - sum);
    });
  };
  std::erase_if(
      *starts, [&](uint64_t start) { return !is_sum(added_in_doubt - start); });
}

// Each as the numbers of all views.
std::vector<std::vector<uint64_t>> OfOneView(
    const std::vector<uint64_t>& starts) {
  std::vector<std::vector<uint64_t>> possibilities;
  for (const uint64_t start : starts) possibilities.push_back({start});
  return possibilities;
}

}  // namespace

std::optional<AdditiveObject> AdditiveObject::Make(
    const Timeline& timeline, const Footprints& footprints,
    const SequentialModel& model) {
  if (!footprints.has_additions()) return std::nullopt;
  std::vector<ActionId> actions;
  for (const TimedOperation& each : timeline.operations()) {
    actions.push_back(each.action);
  }
  for (const CrashKind& each : timeline.crashes()) {
    actions.push_back(each.action);
  }
  std::sort(actions.begin(), actions.end());
  actions.erase(std::unique(actions.begin(), actions.end()), actions.end());
  AdditiveObject object;
  object.actions_.resize(actions.empty() ? 0 : actions.back() + size_t{1});
  for (const ActionId action : actions) {
    if (!object.AddAction(action, footprints, model)) return std::nullopt;
  }
  object.views_ = object.places_.size();
  object.effects_.assign(object.actions_.size() * object.views_, 0);
  for (const ActionId action : actions) {
    for (const auto& addition : footprints.AddsOf(action)) {
      for (size_t view = 0; view < object.views_; ++view) {
        const auto& places = object.places_[view];
        if (std::binary_search(places.begin(), places.end(), addition.place)) {
          object.effects_[action * object.views_ + view] +=
              FactorOf(addition.place, places.size()) * addition.amount;
        }
      }
    }
  }
  object.FindClasses(actions);
  return object;
}

// What is asked of the model tells actions apart by more than what they add: by
// the result, which info operations do not have. Where the numbers of the views
// are what single places hold, they tell what is added.
void AdditiveObject::FindClasses(const std::vector<ActionId>& actions) {
  const bool are_exact = std::ranges::all_of(
      places_, [](const auto& places) { return places.size() == 1; });
  std::map<std::vector<uint64_t>, uint32_t> classes;  // by what is added
  uint32_t count = 0;
  for (const ActionId action : actions) {
    Role& role = actions_[action];
    role.of_class = count++;
    if (!are_exact || !role.adds || role.view != kNoView) continue;
    const auto effects =
        effects_.begin() + static_cast<ptrdiff_t>(action * views_);
    role.of_class =
        classes
            .try_emplace(std::vector<uint64_t>(
                             effects, effects + static_cast<ptrdiff_t>(views_)),
                         role.of_class)
            .first->second;
  }
}

// False if an object with such an action is not additive.
bool AdditiveObject::AddAction(ActionId action, const Footprints& footprints,
                               const SequentialModel& model) {
  if (!footprints.SetsOf(action).empty()) return false;
  Role& role = actions_[action];
  role.adds = !footprints.AddsOf(action).empty();
  const auto sees = footprints.SeesOf(action);
  if (sees.empty()) {
    const bool fits = model.FitsEveryState(action);
    if (role.adds && !fits) is_unconditional_ = false;
    // What adds nothing and sees nothing that is known says nothing, or it
    // depends on the state in another way.
    return role.adds || fits;
  }
  std::vector<uint32_t> places;
  for (const auto& part : sees) {
    places.push_back(part.place);
    role.target += FactorOf(part.place, sees.size()) * part.value;
  }
  const std::optional<size_t> view = FindView(std::move(places));
  if (view) role.view = static_cast<uint8_t>(*view);
  return view.has_value();
}

std::optional<size_t> AdditiveObject::FindView(std::vector<uint32_t> places) {
  std::sort(places.begin(), places.end());
  const auto known = std::find(places_.begin(), places_.end(), places);
  if (known != places_.end()) {
    return static_cast<size_t>(known - places_.begin());
  }
  if (places_.size() == kMostViews) return std::nullopt;
  places_.push_back(std::move(places));
  return places_.size() - 1;
}

std::optional<std::vector<std::vector<uint64_t>>> AdditiveObject::Starts(
    const Timeline& timeline, SequentialModel& model, uint32_t end) const {
  if (!supposed_.empty()) return supposed_;
  const StateId initial = model.InitialState();
  std::vector<uint64_t> known(views_, 0);
  bool is_known = true;
  for (size_t view = 0; view < views_; ++view) {
    for (const uint32_t place : places_[view]) {
      const std::optional<uint64_t> value = model.Lookup(initial, place);
      is_known = is_known && value.has_value();
      known[view] += FactorOf(place, places_[view].size()) * value.value_or(0);
    }
  }
  if (is_known) return std::vector<std::vector<uint64_t>>{known};
  if (views_ != 1) return std::nullopt;
  const auto starts = StartFinder(*this, timeline, end).AllowedByAll();
  if (!starts || starts->size() > kMostStarts) return std::nullopt;
  return OfOneView(*starts);
}

std::optional<AdditiveObject> AdditiveObject::SupposeStarts(
    const Timeline& timeline, SequentialModel& model, uint32_t end) const {
  if (views_ != 1 || Starts(timeline, model, end)) return std::nullopt;
  const auto event_count = static_cast<uint32_t>(timeline.event_count());
  const auto starts =
      StartFinder(*this, timeline, event_count)
          .AllowedByMost(StartFinder(*this, timeline, end).AllowedByAll());
  if (starts.empty()) return std::nullopt;
  AdditiveObject object = *this;
  object.supposed_ = OfOneView(starts);
  return object;
}

}  // namespace minos::checker

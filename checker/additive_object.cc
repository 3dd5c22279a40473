// Where nobody says what the places held at the start, it is what an operation
// saw, less what came before it: all that had returned when it was called, and
// some of what was open then or was called before it returned. So every
// operation that sees allows as many starts as the additions in doubt have
// sums, and a start that explains the history is allowed by all of them. The
// operations with the fewest additions in doubt leave next to nothing of that.

#include "checker/additive_object.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace minos::checker {
namespace {

// So many starts are tried; of more, nothing is said.
constexpr size_t kMostStarts = 64;
// An operation is not asked where its additions in doubt have more sums.
constexpr size_t kMostSums = size_t{1} << 15;
// So many operations are asked, unless one start is left before that, and so
// many sums are looked at, all in all.
constexpr size_t kMostAsked = 64;
constexpr size_t kMostSumsInAll = 8 * kMostSums;

// An operation that sees, and what may have come before it.
struct Witness {
  size_t in_doubt = 0;
  uint32_t call = 0;  // events
  uint32_t operation = 0;
};

// Sums of the subsets of `amounts`, each once, ascending; none where there are
// more than kMostSums. O(amounts · sums).
std::vector<uint64_t> SubsetSumsOf(const std::vector<uint64_t>& amounts) {
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
      : object_(object), timeline_(timeline), end_(end) {
    FindWitnesses();
  }

  std::optional<std::vector<uint64_t>> Find() const {
    std::optional<std::vector<uint64_t>> starts;
    size_t looked_at = 0;
    for (size_t i = 0; i < witnesses_.size() && i < kMostAsked; ++i) {
      std::vector<uint64_t> allowed = AllowedBy(witnesses_[i]);
      looked_at += allowed.empty() ? kMostSums : allowed.size();
      if (!allowed.empty()) Narrow(std::move(allowed), starts);
      const bool is_told = starts && starts->size() <= 1;
      if (is_told || looked_at > kMostSumsInAll) break;
    }
    if (!starts || starts->size() > kMostStarts) return std::nullopt;
    return starts;
  }

 private:
  // Those that return before the end, those with the fewest additions in doubt
  // first. In doubt is what was called before the return, and had not returned
  // before the call.
  void FindWitnesses() {
    std::vector<size_t> settled(timeline_.operations().size(), 0);
    size_t called = 0;
    size_t returned = 0;
    for (uint32_t i = 0; i < end_; ++i) {
      const TimelineEvent event = timeline_.event(i);
      const ActionId action = ActionOf(event);
      if (event.type == TimelineEvent::Type::kReturn) {
        if (object_.Sees(action)) {
          witnesses_.push_back(
              {called - settled[event.subject],
               timeline_.operations()[event.subject].call_event,
               event.subject});
        }
        returned += object_.Adds(action) ? 1 : 0;
        continue;
      }
      called += object_.Adds(action) ? 1 : 0;
      const bool is_call = event.type == TimelineEvent::Type::kCall;
      if (is_call) settled[event.subject] = returned;
    }
    std::sort(witnesses_.begin(), witnesses_.end(),
              [](const Witness& a, const Witness& b) {
                return std::tie(a.in_doubt, a.call) <
                       std::tie(b.in_doubt, b.call);
              });
  }

  ActionId ActionOf(TimelineEvent event) const {
    return event.type == TimelineEvent::Type::kCrash
               ? timeline_.crashes()[event.subject].action
               : timeline_.operations()[event.subject].action;
  }

  // Its own addition comes after what it sees. Empty where they are too many.
  std::vector<uint64_t> AllowedBy(const Witness& witness) const {
    const TimedOperation& seer = timeline_.operations()[witness.operation];
    uint64_t certain = 0;
    std::vector<uint64_t> in_doubt;
    for (uint32_t i = 0; i < seer.return_event; ++i) {
      const TimelineEvent event = timeline_.event(i);
      if (event.type == TimelineEvent::Type::kReturn) continue;
      const ActionId action = ActionOf(event);
      const bool is_own = event.type == TimelineEvent::Type::kCall &&
                          event.subject == witness.operation;
      if (is_own || !object_.Adds(action)) continue;
      const bool has_returned =
          event.type == TimelineEvent::Type::kCall &&
          timeline_.operations()[event.subject].return_event < witness.call;
      if (has_returned) {
        certain += object_.Effect(action, 0);
      } else {
        in_doubt.push_back(object_.Effect(action, 0));
      }
    }
    std::vector<uint64_t> starts = SubsetSumsOf(in_doubt);
    for (uint64_t& start : starts) {
      start = object_.TargetOf(seer.action) - certain - start;
    }
    std::sort(starts.begin(), starts.end());
    return starts;
  }

  static void Narrow(std::vector<uint64_t> allowed,
                     std::optional<std::vector<uint64_t>>& starts) {
    if (!starts) {
      starts = std::move(allowed);
      return;
    }
    std::erase_if(*starts, [&](uint64_t start) {
      return !std::binary_search(allowed.begin(), allowed.end(), start);
    });
  }

  const AdditiveObject& object_;
  const Timeline& timeline_;
  uint32_t end_;
  std::vector<Witness> witnesses_;
};

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
              PlaceFactor(addition.place) * addition.amount;
        }
      }
    }
  }
  return object;
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
    role.target += PlaceFactor(part.place) * part.value;
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
  const StateId initial = model.InitialState();
  std::vector<uint64_t> known(views_, 0);
  bool is_known = true;
  for (size_t view = 0; view < views_; ++view) {
    for (const uint32_t place : places_[view]) {
      const std::optional<uint64_t> value = model.Lookup(initial, place);
      is_known = is_known && value.has_value();
      known[view] += PlaceFactor(place) * value.value_or(0);
    }
  }
  if (is_known) return std::vector<std::vector<uint64_t>>{known};
  if (views_ != 1) return std::nullopt;
  const auto starts = StartFinder(*this, timeline, end).Find();
  if (!starts) return std::nullopt;
  std::vector<std::vector<uint64_t>> possibilities;
  for (const uint64_t start : *starts) possibilities.push_back({start});
  return possibilities;
}

}  // namespace minos::checker

// Whether what operations will have seen at their returns can still come about.
//
// The idea is that of planning with effects that are never undone. An operation
// is *usable* if each part that it sees is there, or is set by one that is
// usable. Call after call and return after return is passed, up to the last
// return of what is open, and what is usable by then only grows; an operation
// that returns and is not usable shows that there is no way on. What is undone
// after all is what was certainly set anew since (Freshness): so for each part
// it is noted until when it can be set, which is when the last usable operation
// that sets it returns, and who sees it asks whether that is late enough. What
// is open and still has to take effect sets its places anew, too: whoever is
// called after it has returned does not see what is there now, but something
// that is set later.
//
// Why that is right. Take any way on, and go through its operations in their
// order: the first that is not usable at its place sees a part that is there
// now, or was set by one before it, which is usable. So the part is set, and
// not too early, since the operation that overwrites it for certain would stand
// between the two; nor is it what is there now where one that has to take
// effect, after now and before the call, stands between. (One that only becomes
// spare later stands after now, too.) Info operations called later are taken to
// be usable, and what those set that are left, to be at hand.

#include "checker/outlook.h"

#include <algorithm>
#include <limits>

#include "checker/timeline.h"

namespace minos::checker {
namespace {

using Cell = OpenValues::Cell;

constexpr uint32_t kEver = std::numeric_limits<uint32_t>::max();

}  // namespace

Outlook::Outlook(const SearchProblem& problem, const OpenValues& values,
                 const Freshness& freshness)
    : timeline_(problem.timeline),
      values_(values),
      freshness_(freshness),
      end_(problem.end),
      stamps_(problem.footprints->part_count(), 0),
      until_(problem.footprints->part_count(), 0) {}

// True if that is news.
bool Outlook::Bring(PartId part, uint32_t until) {
  if (stamps_[part] == stamp_ && until_[part] >= until) return false;
  stamps_[part] = stamp_;
  until_[part] = until;
  return true;
}

bool Outlook::Bring(const OpenValues::Program& program, uint32_t until) {
  bool is_news = false;
  for (const Cell& set : program.sets) {
    is_news = Bring(set.part, until) || is_news;
  }
  return is_news;
}

// Until when, at least, it must be possible to set what an operation called at
// `call` saw in `place`, where it is fresh since `since`.
uint32_t Outlook::EarliestFor(uint32_t call, uint32_t place,
                              uint32_t since) const {
  return call > renewed_[place] ? std::max(since, values_.event()) : since;
}

bool Outlook::IsUsable(uint32_t operation, const View& view) const {
  const uint32_t call = timeline_.operations()[operation].call_event;
  const auto& sees = ProgramOf(operation).sees;
  const auto since = freshness_.Of(operation);
  for (size_t i = 0; i < sees.size(); ++i) {
    const PartId part = sees[i].part;
    const bool is_brought =
        stamps_[part] == stamp_ &&
        until_[part] >= EarliestFor(call, sees[i].place, since[i]);
    if (!is_brought && !view.has_crash_for(part)) return false;
  }
  return true;
}

// Finds all that is usable.
void Outlook::Follow(const View& view) {
  for (bool is_news = true; is_news;) {
    is_news = false;
    for (size_t i = 0; i < pending_.size();) {
      const uint32_t operation = pending_[i];
      if (!IsUsable(operation, view)) {
        ++i;
        continue;
      }
      pending_[i] = pending_.back();
      pending_.pop_back();
      const uint32_t until = timeline_.operations()[operation].return_event;
      is_news = Bring(ProgramOf(operation), until) || is_news;
    }
  }
}

// Before the next event.
void Outlook::Begin(const View& view) {
  ++stamp_;
  pending_.clear();
  const uint32_t now = values_.event();
  for (const PartId held : view.values) {
    // It was set before the next event; what is open may return there.
    if (held != kNoPart) Bring(held, std::max(now, 1u) - 1);
  }
  horizon_ = now;
  renewed_.fill(kEver);
  ((values_.updates() | values_.reads()) - view.done)
      .ForEach([&](uint32_t slot) {
        pending_.push_back(values_.operation_in(slot));
        const uint32_t end = values_.ReturnOf(slot);
        horizon_ = std::max(horizon_, end + 1);
        if (view.spare.Contains(slot)) return;
        for (const Cell& set : values_.InSlot(slot).sets) {
          renewed_[set.place] = std::min(renewed_[set.place], end);
        }
      });
  horizon_ = std::min(horizon_, end_);
  Follow(view);
}

void Outlook::Call(uint32_t operation, const View& view) {
  if (!IsUsable(operation, view)) {
    pending_.push_back(operation);
    return;
  }
  const uint32_t until = timeline_.operations()[operation].return_event;
  if (Bring(ProgramOf(operation), until)) Follow(view);
}

// False if it should be usable by then, and is not.
bool Outlook::Return(uint32_t operation, const View& view) {
  const auto found = std::find(pending_.begin(), pending_.end(), operation);
  if (found == pending_.end()) return true;
  const TimedOperation& returned = timeline_.operations()[operation];
  const bool is_open = returned.call_event < values_.event();
  if (!is_open || !view.spare.Contains(returned.slot)) {
    culprit_ = operation;
    return false;
  }
  *found = pending_.back();
  pending_.pop_back();
  return true;
}

bool Outlook::MayGoOn(const View& view) {
  Begin(view);
  for (uint32_t i = values_.event(); i < horizon_; ++i) {
    const TimelineEvent event = timeline_.event(i);
    switch (event.type) {
      case TimelineEvent::Type::kCall:
        Call(event.subject, view);
        break;
      case TimelineEvent::Type::kReturn:
        if (!Return(event.subject, view)) return false;
        break;
      case TimelineEvent::Type::kCrash:
        if (Bring(values_.OfAction(timeline_.crashes()[event.subject].action),
                  kEver)) {
          Follow(view);
        }
        break;
    }
  }
  return true;
}

}  // namespace minos::checker

#include "checker/expansion.h"

#include <algorithm>

namespace minos::checker {

Expansion::Expansion(const Timeline& timeline, const OpenOperations& open,
                     const CrashUsage& usages, SequentialModel& model)
    : timeline_(timeline),
      open_(open),
      usages_(usages),
      model_(model),
      covered_(timeline.crashes().size()) {
  FindCovered(model);
}

void Expansion::FindCovered(const SequentialModel& model) {
  const auto& crashes = timeline_.crashes();
  for (uint32_t general = 0; general < crashes.size(); ++general) {
    for (uint32_t special = 0; special < crashes.size(); ++special) {
      if (general != special &&
          model.Covers(crashes[general].action, crashes[special].action)) {
        covered_[general].push_back(special);
      }
    }
  }
}

bool Expansion::Fits(StateId state, ActionId action) {
  others_.clear();
  model_.Step(state, action, others_);
  return !others_.empty();
}

bool Expansion::Leads(StateId from, ActionId action, StateId to) {
  others_.clear();
  model_.Step(from, action, others_);
  return std::find(others_.begin(), others_.end(), to) != others_.end();
}

void Expansion::TakeIfItFits(uint32_t slot, Configuration& configuration,
                             std::vector<uint32_t>& path) {
  if (!Fits(configuration.state, open_.InSlot(slot).action)) return;
  configuration.linearized.Insert(slot);
  path.push_back(open_.operation_in(slot));
}

bool Expansion::TakeFittingReads(Configuration& configuration,
                                 std::vector<uint32_t>& path) {
  const size_t length = path.size();
  SlotSet::ForEach(open_.reads(), configuration.linearized, [&](uint32_t slot) {
    TakeIfItFits(slot, configuration, path);
  });
  return path.size() > length;
}

void Expansion::SpareIfUnnoticed(uint32_t slot, Configuration& configuration,
                                 std::vector<uint32_t>& path) {
  if (configuration.linearized.Contains(slot) ||
      configuration.spare.Contains(slot) ||
      !Leads(configuration.state, open_.InSlot(slot).action,
             configuration.state)) {
    return;
  }
  configuration.spare.Insert(slot);
  path.push_back(kSpareBit | open_.operation_in(slot));
}

// A blind update is about to be linearized: before it all others can stand.
// True if one of them was owed.
bool Expansion::SpareBlind(uint32_t except, Configuration& configuration,
                           std::vector<uint32_t>& path) {
  const size_t length = path.size();
  SlotSet::ForEach(open_.blind(), configuration.linearized, [&](uint32_t slot) {
    if (slot == except || configuration.spare.Contains(slot)) {
      return;
    }
    configuration.spare.Insert(slot);
    path.push_back(kSpareBit | open_.operation_in(slot));
  });
  return path.size() > length;
}

// Whether an update that is not blind could come next: only such a one can tell
// a blind update from what that has absorbed.
bool Expansion::MayBeTold(const Configuration& configuration) const {
  const auto updates = open_.updates().words();
  const auto blind = open_.blind().words();
  const auto linearized = configuration.linearized.words();
  for (size_t i = 0; i < updates.size(); ++i) {
    if ((updates[i] & ~blind[i] & ~linearized[i]) != 0) return true;
  }
  for (uint32_t kind = 0; kind < open_.crash_kinds(); ++kind) {
    if (open_.crashed(kind) > 0 &&
        !model_.IsBlind(timeline_.crashes()[kind].action)) {
      return true;
    }
  }
  return false;
}

// Whether a blind update is open that is neither linearized nor spare.
bool Expansion::HasOwedBlind(const Configuration& configuration) const {
  const auto open = open_.blind().words();
  const auto linearized = configuration.linearized.words();
  const auto spare = configuration.spare.words();
  for (size_t i = 0; i < open.size(); ++i) {
    if ((open[i] & ~linearized[i] & ~spare[i]) != 0) return true;
  }
  return false;
}

ActionId Expansion::ActionOf(uint32_t subject) const {
  return (subject & kCrashBit) != 0
             ? timeline_.crashes()[subject & ~kCrashBit].action
             : open_.InSlot(subject).action;
}

const std::vector<Choice>& Expansion::Choices(
    const Configuration& configuration, uint32_t returning, bool may_crash) {
  choices_.clear();
  CollectOpen(configuration);
  if (configuration.spare.Contains(returning) && !configuration.is_pending()) {
    choices_.push_back({kPass, configuration.state});
  }
  if (may_crash) CollectCrashes(configuration);
  return choices_;
}

// What returns first is the most urgent, and the return that forces a choice is
// the first of all.
void Expansion::CollectOpen(const Configuration& configuration) {
  candidates_.clear();
  SlotSet::ForEach(
      open_.updates(), configuration.linearized, [this](uint32_t slot) {
        const TimedOperation& update = open_.InSlot(slot);
        candidates_.push_back({update.return_event, slot, update.action});
      });
  std::sort(candidates_.begin(), candidates_.end(),
            [](const Candidate& a, const Candidate& b) {
              return a.return_event < b.return_event;
            });
  for (size_t i = 0; i < candidates_.size(); ++i) {
    const ActionId action = candidates_[i].action;
    const bool has_equal = std::any_of(
        candidates_.begin(), candidates_.begin() + static_cast<ptrdiff_t>(i),
        [=](const Candidate& other) { return other.action == action; });
    if (!has_equal) AddChoices(candidates_[i].slot, action, configuration);
  }
}

std::vector<Choice> Expansion::CrashChoices(const Configuration& configuration,
                                            std::span<const uint32_t> kinds) {
  std::vector<Choice> choices;
  for (const uint32_t kind : kinds) {
    successors_.clear();
    model_.Step(configuration.state, timeline_.crashes()[kind].action,
                successors_);
    for (const StateId next : successors_) {
      if (next != configuration.state) {
        choices.push_back({kCrashBit | kind, next});
      }
    }
  }
  return choices;
}

bool Expansion::IsAvailable(uint32_t kind,
                            const Configuration& configuration) const {
  const uint32_t called = open_.crashed(kind);
  return called > 0 && usages_.Count(configuration.usage, kind) < called;
}

void Expansion::CollectCrashes(const Configuration& configuration) {
  const bool has_owed = HasOwedBlind(configuration) && MayBeTold(configuration);
  for (uint32_t kind = 0; kind < open_.crash_kinds(); ++kind) {
    if (!IsAvailable(kind, configuration)) continue;
    const ActionId action = timeline_.crashes()[kind].action;
    const size_t first = choices_.size();
    AddChoices(kCrashBit | kind, action, configuration);
    // What changes nothing need not be taken, nor what something less useful
    // can do as well; unless it absorbs what is owed. (What can follow a
    // pending configuration must not depend on what is left.)
    const bool absorbs = has_owed && model_.IsBlind(action);
    for (size_t i = choices_.size(); i > first; --i) {
      const StateId next = choices_[i - 1].next;
      if (HasEqualOpen(action) ||
          (!absorbs && (next == configuration.state ||
                        (!configuration.is_pending() &&
                         HasSpecialCase(kind, next, configuration))))) {
        choices_.erase(choices_.begin() + static_cast<ptrdiff_t>(i - 1));
      }
    }
  }
}

// Whether an open operation has `action`; it is to be used first.
bool Expansion::HasEqualOpen(ActionId action) const {
  return std::any_of(
      candidates_.begin(), candidates_.end(),
      [=](const Candidate& open) { return open.action == action; });
}

// Whether an operation that `kind` covers, open or info, leads from the current
// state to `next` as well.
bool Expansion::HasSpecialCase(uint32_t kind, StateId next,
                               const Configuration& configuration) {
  const ActionId general = timeline_.crashes()[kind].action;
  for (const Candidate& open : candidates_) {
    if (model_.Covers(general, open.action) &&
        Leads(configuration.state, open.action, next)) {
      return true;
    }
  }
  return std::any_of(
      covered_[kind].begin(), covered_[kind].end(), [&](uint32_t special) {
        // Of two that cover each other, the first is the special one.
        const bool is_mutual =
            std::find(covered_[special].begin(), covered_[special].end(),
                      kind) != covered_[special].end();
        return (!is_mutual || special < kind) &&
               IsAvailable(special, configuration) &&
               Leads(configuration.state, timeline_.crashes()[special].action,
                     next);
      });
}

void Expansion::AddChoices(uint32_t subject, ActionId action,
                           const Configuration& configuration) {
  successors_.clear();
  model_.Step(configuration.state, action, successors_);
  for (const StateId next : successors_) {
    const Choice choice{subject, next};
    if (!configuration.is_pending() ||
        IsNoticedBy(choice, action, notes_[configuration.note])) {
      choices_.push_back(choice);
    }
  }
}

// Whether making `choice` notices the operation before it.
bool Expansion::IsNoticedBy(const Choice& choice, ActionId action,
                            const Unnoticed& unnoticed) {
  // What is owed can be left out only where it is absorbed.
  if ((unnoticed.is_optional || model_.IsBlind(action)) &&
      Leads(unnoticed.before, action, choice.next)) {
    return false;
  }
  // Of two info operations that commute, the order of their kinds is tried; the
  // special one goes before the one that covers it anyway.
  if (choice.is_crash() && unnoticed.is_crash() &&
      (unnoticed.kind <= choice.kind() ||
       model_.Covers(unnoticed.action, action) ||
       model_.Covers(action, unnoticed.action))) {
    return true;
  }
  std::vector<StateId> between;
  model_.Step(unnoticed.before, action, between);
  return std::none_of(between.begin(), between.end(), [&](StateId state) {
    return Leads(state, unnoticed.action, choice.next);
  });
}

void Expansion::Take(uint32_t returning, const Choice& choice,
                     CrashUsage& usages, Configuration& configuration,
                     std::vector<uint32_t>& path) {
  configuration.note = kNoNote;
  if (choice.is_pass()) {
    // It stands where it became spare.
    configuration.spare.Erase(returning);
    configuration.linearized.Insert(returning);
    return;
  }
  const ActionId action = ActionOf(choice.subject);
  const bool is_blind = model_.IsBlind(action);
  const bool is_optional =
      choice.is_crash() || configuration.spare.Contains(choice.subject);
  const bool absorbs_owed = is_blind &&
                            SpareBlind(choice.subject, configuration, path) &&
                            MayBeTold(configuration);
  if (choice.is_crash()) {
    path.push_back(choice.subject);
    configuration.usage = usages.Add(configuration.usage, choice.kind());
    ++configuration.used;
  } else {
    configuration.linearized.Insert(choice.subject);
    configuration.spare.Erase(choice.subject);
    path.push_back(open_.operation_in(choice.subject));
  }
  // What is not forced and absorbs nothing that is owed need not be taken
  // unless something notices it.
  const bool is_forced =
      absorbs_owed ||
      (!choice.is_crash() && (choice.subject == returning || !is_blind));
  const StateId before = configuration.state;
  configuration.state = choice.next;
  // A read that fits only now notices what made it fit.
  const bool is_noticed =
      choice.next != before && TakeFittingReads(configuration, path);
  if (!is_forced && !is_noticed) {
    configuration.note =
        notes_.Intern({choice.is_crash() ? choice.kind() : Unnoticed::kNoKind,
                       action, before, is_optional});
  }
  if (!is_blind && choice.next != before) {
    SlotSet::ForEach(
        open_.blind(), configuration.linearized,
        [&](uint32_t slot) { SpareIfUnnoticed(slot, configuration, path); });
  }
}

}  // namespace minos::checker

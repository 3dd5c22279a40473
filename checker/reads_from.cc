// Every model of this family begins with the same question: whose update did a
// read return? Where each value is written once, the value answers it. A value
// that nobody wrote (thin air), one whose update failed (an aborted read) and
// one whose update was called only after the read had returned (a read from
// the future) are wrong under every model.
//
// The updates stand in one open-addressing table under (key, value), with the
// updates of one value linked in the order of their steps; so the cost is one
// look-up a read, whatever the number of keys.

#include "checker/reads_from.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/hash.h"
#include "history/value_text.h"

namespace minos::checker {

using history::kNoValue;
using history::OpIndex;
using history::ToInt;
using history::ValueId;
using history::ValueKind;

namespace {

constexpr size_t kTextLength = 40;

// The updates of a history by key and value.
class UpdateTable {
 public:
  explicit UpdateTable(const SessionHistory& steps) : steps_(steps) {
    size_t updates = 0;
    for (const StepKind kind : steps.kinds)
      updates += kind == StepKind::kUpdate;
    slots_.assign(std::bit_ceil(updates * 2 + 2), kNoStep);
    // Later steps first, so that each chain of equals comes out ascending.
    for (Step step = steps.size(); step-- > 0;) {
      if (!steps.IsRead(step)) Insert(step);
    }
  }

  // The first update of (key, value), kNoStep if there is none.
  Step First(uint32_t key, ValueId value) const {
    return slots_[SlotOf(key, value)];
  }
  // The next update of the same key and value.
  Step Next(Step step) const {
    if (next_.empty()) return kNoStep;
    return next_[step];
  }

 private:
  size_t SlotOf(uint32_t key, ValueId value) const {
    const size_t mask = slots_.size() - 1;
    size_t slot = MixHash((uint64_t{key} << 32) | ToInt(value)) & mask;
    while (slots_[slot] != kNoStep && (steps_.values[slots_[slot]] != value ||
                                       steps_.keys[slots_[slot]] != key)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void Insert(Step step) {
    Step& head = slots_[SlotOf(steps_.keys[step], steps_.values[step])];
    if (head != kNoStep) {
      if (next_.empty()) next_.assign(steps_.size(), kNoStep);
      next_[step] = head;
    }
    head = step;
  }

  const SessionHistory& steps_;
  std::vector<Step> slots_;
  std::vector<Step> next_;  // empty while every value is written once
};

class Resolver {
 public:
  explicit Resolver(SessionHistory& steps)
      : steps_(steps), values_(steps.history->values()), updates_(steps) {}

  ReadsFrom Resolve() &&;

 private:
  void ResolveRegister(Step read);
  void ResolveCollection(Step read);
  bool TakeElements(Step read, std::vector<ValueId>& elements);
  std::span<const ValueId> ElementsOf(ValueId value) const;
  // The updates that an element of a collection may stand for.
  std::vector<Step> CandidatesOf(Step read, ValueId element) const;
  void ReportRepeated(Step read, ValueId element,
                      const std::vector<Step>& candidates);
  // True if `read` returned before `update` was called. A compare-and-set does
  // not read what it writes itself.
  bool IsFuture(Step read, Step update) const {
    return steps_.call(update) > steps_.end(read) ||
           steps_.operations[update] == steps_.operations[read];
  }
  void NarrowByVersion(Step read, std::vector<Step>& candidates) const;
  ValueId VersionOf(Step step) const {
    return version_name_ == kNoValue
               ? kNoValue
               : steps_.history->Extra(steps_.operations[step], "version");
  }
  void ReportUnexplained(Step read, ValueId value);
  void Report(std::string kind, Step read, std::vector<OpIndex> core,
              std::string summary, std::vector<std::string> sentences);
  std::string ValueText(ValueId value) const {
    return history::ToShortText(values_, value, kTextLength);
  }

  SessionHistory& steps_;
  const history::ValueTable& values_;
  UpdateTable updates_;
  ValueId version_name_ = kNoValue;
  std::vector<Step> candidates_;
  ReadsFrom result_;
};

void Resolver::Report(std::string kind, Step read, std::vector<OpIndex> core,
                      std::string summary, std::vector<std::string> sentences) {
  if (result_.finding_count++ >= kMaxFindings) return;
  Violation violation;
  violation.kind = std::move(kind);
  violation.key = steps_.key_names[steps_.keys[read]];
  violation.summary = std::move(summary);
  violation.sentences = std::move(sentences);
  std::sort(core.begin(), core.end());
  core.erase(std::unique(core.begin(), core.end()), core.end());
  violation.core = std::move(core);
  violation.culprit = steps_.operations[read];
  result_.findings.push_back(std::move(violation));
}

// The value that `read` returned has no update that it could have seen.
void Resolver::ReportUnexplained(Step read, ValueId value) {
  const std::string text = ValueText(value);
  const OpIndex op = steps_.operations[read];
  const Step update = updates_.First(steps_.keys[read], value);
  if (update != kNoStep) {
    Report("future-read", read, {op, steps_.operations[update]},
           absl::StrCat(StepText(steps_, read), " returned ", text,
                        " before it was written"),
           {absl::StrCat(StepText(steps_, read), " had returned ", text,
                         " when ", StepText(steps_, update),
                         " was called, and nobody else writes that value.")});
    return;
  }
  for (const FailedUpdate& failed : steps_.failed) {
    if (failed.key != steps_.keys[read] || failed.value != value) continue;
    Report("aborted-read", read, {op, failed.operation},
           absl::StrCat(StepText(steps_, read), " returned ", text,
                        ", whose update had failed"),
           {absl::StrCat("The update of line ",
                         steps_.history->call_line(failed.operation),
                         " is recorded as failed, so nobody may see ", text,
                         ". If it was a time-out, record it as `info`: it may "
                         "have taken effect.")});
    return;
  }
  Report("thin-air-read", read, {op},
         absl::StrCat(StepText(steps_, read), " returned ", text,
                      ", which nobody wrote"),
         {absl::StrCat("No operation of this history writes ", text,
                       " there, and it is not the initial value ",
                       ValueText(steps_.initial), ".")});
}

void Resolver::NarrowByVersion(Step read, std::vector<Step>& candidates) const {
  const ValueId version = VersionOf(read);
  if (version == kNoValue || candidates.size() < 2) return;
  std::vector<Step> same;
  for (const Step candidate : candidates) {
    if (IsStep(candidate) && VersionOf(candidate) == version) {
      same.push_back(candidate);
    }
  }
  // An update that never completed carries no version; it stays possible.
  if (same.size() == 1) candidates = std::move(same);
}

void Resolver::ResolveRegister(Step read) {
  const ValueId value = steps_.values[read];
  if (value == kNoValue) return;  // it says nothing
  Step update = updates_.First(steps_.keys[read], value);
  const bool may_be_initial = value == steps_.initial;
  const bool is_single = update == kNoStep || updates_.Next(update) == kNoStep;
  if (is_single && !(may_be_initial && update != kNoStep)) {
    if (update != kNoStep && !IsFuture(read, update)) {
      steps_.sources[read] = update;
    } else if (may_be_initial) {
      steps_.sources[read] = kInitialStep;
    } else {
      ReportUnexplained(read, value);
    }
    return;
  }
  candidates_.clear();
  if (may_be_initial) candidates_.push_back(kInitialStep);
  for (; update != kNoStep; update = updates_.Next(update)) {
    if (!IsFuture(read, update)) candidates_.push_back(update);
  }
  NarrowByVersion(read, candidates_);
  if (candidates_.empty()) {
    ReportUnexplained(read, value);
  } else if (candidates_.size() == 1) {
    steps_.sources[read] = candidates_[0];
  } else {
    result_.ambiguous.push_back({read, 0, candidates_});
  }
}

std::vector<Step> Resolver::CandidatesOf(Step read, ValueId element) const {
  std::vector<Step> candidates;
  for (Step update = updates_.First(steps_.keys[read], element);
       update != kNoStep; update = updates_.Next(update)) {
    if (!IsFuture(read, update)) candidates.push_back(update);
  }
  return candidates;
}

std::span<const ValueId> Resolver::ElementsOf(ValueId value) const {
  const bool has_elements =
      value != kNoValue && (values_.kind(value) == ValueKind::kList ||
                            values_.kind(value) == ValueKind::kSet);
  return has_elements ? values_.elements(value) : std::span<const ValueId>();
}

// What `read` returned, without what was there before every update; false if
// that is missing.
bool Resolver::TakeElements(Step read, std::vector<ValueId>& elements) {
  const auto returned = ElementsOf(steps_.values[read]);
  const auto initial = ElementsOf(steps_.initial);
  elements.assign(returned.begin(), returned.end());
  if (steps_.observation == Observation::kList) {
    const bool starts =
        elements.size() >= initial.size() &&
        std::equal(initial.begin(), initial.end(), elements.begin());
    if (starts) {
      elements.erase(
          elements.begin(),
          elements.begin() + static_cast<std::ptrdiff_t>(initial.size()));
    }
    return starts;
  }
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  const bool may_lack = !steps_.removals.empty();
  return std::all_of(initial.begin(), initial.end(), [&](ValueId element) {
    const auto found =
        std::lower_bound(elements.begin(), elements.end(), element);
    if (found == elements.end() || *found != element) return may_lack;
    elements.erase(found);
    return true;
  });
}

void Resolver::ResolveCollection(Step read) {
  std::vector<ValueId> elements;
  if (!TakeElements(read, elements)) {
    Report("initial-elements-missing", read, {steps_.operations[read]},
           absl::StrCat(StepText(steps_, read),
                        " lacks what was there from the start"),
           {absl::StrCat("Before every update there was ",
                         ValueText(steps_.initial),
                         ", and nothing takes elements away.")});
    return;
  }
  const size_t begin = result_.occurrences.size();
  const size_t ambiguous = result_.ambiguous.size();
  const auto give_up = [&] {
    result_.occurrences.resize(begin);
    result_.ambiguous.resize(ambiguous);
  };
  for (const ValueId element : elements) {
    std::vector<Step> candidates = CandidatesOf(read, element);
    if (candidates.empty()) {
      ReportUnexplained(read, element);
      return give_up();
    }
    const auto times = std::count(elements.begin(), elements.end(), element);
    if (candidates.size() < static_cast<size_t>(times)) {
      ReportRepeated(read, element, candidates);
      return give_up();
    }
    if (candidates.size() == 1) {
      result_.occurrences.push_back(candidates.front());
      continue;
    }
    result_.ambiguous.push_back(
        {read, result_.occurrences.size(), std::move(candidates)});
    result_.occurrences.push_back(kUnresolvedStep);
  }
  steps_.sources[read] = static_cast<Step>(result_.occurrence_begin.size() - 1);
  result_.occurrence_begin.push_back(
      static_cast<uint32_t>(result_.occurrences.size()));
}

void Resolver::ReportRepeated(Step read, ValueId element,
                              const std::vector<Step>& candidates) {
  std::vector<OpIndex> core = {steps_.operations[read]};
  for (const Step update : candidates) {
    core.push_back(steps_.operations[update]);
  }
  Report("repeated-element", read, std::move(core),
         absl::StrCat(StepText(steps_, read), " shows ", ValueText(element),
                      " more often than it was appended"),
         {absl::StrCat(
             "Before it returned, ", ValueText(element), " was appended ",
             candidates.size() == 1 ? std::string("once")
                                    : absl::StrCat(candidates.size(), " times"),
             ".")});
}

ReadsFrom Resolver::Resolve() && {
  version_name_ = values_.FindString("version");
  result_.occurrence_begin.assign(1, 0);
  for (Step step = 0; step < steps_.size(); ++step) {
    if (!steps_.IsRead(step)) continue;
    switch (steps_.observation) {
      case Observation::kRegister:
        ResolveRegister(step);
        break;
      case Observation::kList:
      case Observation::kSet:
        ResolveCollection(step);
        break;
      case Observation::kCounter:
        break;  // a sum does not tell who made it
    }
  }
  const bool is_collection = steps_.observation == Observation::kList ||
                             steps_.observation == Observation::kSet;
  if (!is_collection) return std::move(result_);
  if (result_.ambiguous.empty()) {
    steps_.shown = std::move(result_.occurrences);
    steps_.shown_begin = std::move(result_.occurrence_begin);
  } else {
    ShowOccurrences(result_.occurrences, result_.occurrence_begin, steps_);
  }
  return std::move(result_);
}

}  // namespace

void ShowOccurrences(const std::vector<Step>& occurrences,
                     const std::vector<uint32_t>& occurrence_begin,
                     SessionHistory& steps) {
  steps.shown.clear();
  steps.shown_begin.assign(1, 0);
  for (size_t i = 0; i + 1 < occurrence_begin.size(); ++i) {
    for (uint32_t at = occurrence_begin[i]; at < occurrence_begin[i + 1];
         ++at) {
      if (IsStep(occurrences[at])) steps.shown.push_back(occurrences[at]);
    }
    steps.shown_begin.push_back(static_cast<uint32_t>(steps.shown.size()));
  }
}

ReadsFrom ResolveReads(SessionHistory& steps) {
  return Resolver(steps).Resolve();
}

std::string StepText(const SessionHistory& steps, Step step) {
  const history::History& history = *steps.history;
  const OpIndex op = steps.operations[step];
  const ValueId key = steps.key_names[steps.keys[step]];
  const auto text = [&](ValueId value) {
    return history::ToShortText(history.values(), value, kTextLength);
  };
  std::string out = absl::StrCat("the ", steps.IsRead(step) ? "read" : "write");
  if (!steps.IsRead(step))
    absl::StrAppend(&out, " of ", text(steps.values[step]));
  if (key != kNoValue) {
    absl::StrAppend(&out, steps.IsRead(step) ? " of " : " to ", text(key));
  }
  absl::StrAppend(&out, " by process ", text(history.process(op)));
  const uint32_t line = steps.IsRead(step) && history.completion_line(op) != 0
                            ? history.completion_line(op)
                            : history.call_line(op);
  if (line != 0) absl::StrAppend(&out, " (line ", line, ")");
  return out;
}

}  // namespace minos::checker

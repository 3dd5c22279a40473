#include "checker/session_history.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace minos::checker {

using history::kNoValue;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

namespace {

// Gives the steps of `part`, numbered by `number`, their sources. These are
// updates of the same key, hence of the part.
void RestrictSources(const SessionHistory& whole,
                     std::span<const Step> selected,
                     const absl::flat_hash_map<Step, Step>& number,
                     SessionHistory& part) {
  for (const Step step : selected) {
    const Step source = whole.sources[step];
    if (!IsStep(source) || !whole.IsRead(step)) {
      part.sources.push_back(source);
    } else if (part.observation == Observation::kRegister) {
      part.sources.push_back(number.at(source));
    } else {
      if (part.shown_begin.empty()) part.shown_begin.push_back(0);
      part.sources.push_back(static_cast<Step>(part.shown_begin.size() - 1));
      for (const Step update : whole.Shown(step)) {
        part.shown.push_back(number.at(update));
      }
      part.shown_begin.push_back(static_cast<uint32_t>(part.shown.size()));
    }
  }
}

template <typename T>
size_t BytesOf(const std::vector<T>& column) {
  return column.capacity() * sizeof(T);
}

}  // namespace

bool SessionHistory::SessionPrecedes(Step a, Step b) const {
  if (chains[a] == chains[b]) return a < b;
  return SessionOf(a) == SessionOf(b) && end(a) < call(b);
}

size_t SessionHistory::MemoryBytes() const {
  return BytesOf(operations) + BytesOf(keys) + BytesOf(chains) +
         BytesOf(kinds) + BytesOf(values) + BytesOf(amounts) +
         BytesOf(sources) + BytesOf(chain_begin) + BytesOf(chain_session) +
         BytesOf(crossings) + BytesOf(session_names) + BytesOf(key_names) +
         BytesOf(failed) + BytesOf(removals) + BytesOf(shown_begin) +
         BytesOf(shown);
}

bool MayBeShown(const SessionHistory& steps, Step read, Step update) {
  const ValueTable& values = steps.history->values();
  const ValueId value = steps.values[read];
  if (value == kNoValue || (values.kind(value) != ValueKind::kList &&
                            values.kind(value) != ValueKind::kSet)) {
    return false;
  }
  const auto elements = values.elements(value);
  const ValueId element = steps.values[update];
  const auto returned = std::count(elements.begin(), elements.end(), element);
  if (steps.observation == Observation::kSet) return returned > 0;
  const ValueId initial = steps.initial;
  const bool has_initial =
      initial != kNoValue && values.kind(initial) == ValueKind::kList;
  const auto given = has_initial
                         ? std::count(values.elements(initial).begin(),
                                      values.elements(initial).end(), element)
                         : 0;
  const auto shown = steps.Shown(read);
  return returned - given >
         std::count_if(shown.begin(), shown.end(), [&](Step other) {
           return steps.values[other] == element;
         });
}

std::optional<int64_t> VersionOf(const SessionHistory& steps, Step step) {
  const ValueId version =
      steps.history->Extra(steps.operations[step], "version");
  const ValueTable& values = steps.history->values();
  if (version == kNoValue || values.kind(version) != ValueKind::kInteger) {
    return std::nullopt;
  }
  return values.integer(version);
}

int64_t InitialSum(const SessionHistory& steps) {
  const ValueTable& values = steps.history->values();
  return steps.initial != kNoValue &&
                 values.kind(steps.initial) == ValueKind::kInteger
             ? values.integer(steps.initial)
             : 0;
}

bool IsOwnSum(const SessionHistory& steps, Step read) {
  return read > 0 && steps.operations[read - 1] == steps.operations[read];
}

SessionHistory RestrictTo(const SessionHistory& whole,
                          std::span<const Step> selected) {
  SessionHistory part;
  part.history = whole.history;
  part.keying = whole.keying;
  part.observation = whole.observation;
  part.initial = whole.initial;
  part.says_more = whole.says_more;
  part.session_names = whole.session_names;
  part.key_names = whole.key_names;
  absl::flat_hash_map<Step, Step> number;
  for (size_t i = 0; i < selected.size(); ++i) {
    const Step step = selected[i];
    number[step] = static_cast<Step>(i);
    if (i == 0 || whole.chains[step] != whole.chains[selected[i - 1]]) {
      part.chain_begin.push_back(static_cast<Step>(i));
      part.chain_session.push_back(whole.SessionOf(step));
    }
    part.operations.push_back(whole.operations[step]);
    part.keys.push_back(whole.keys[step]);
    part.chains.push_back(part.chain_count() - 1);
    part.kinds.push_back(whole.kinds[step]);
    part.values.push_back(whole.values[step]);
    if (!whole.amounts.empty()) part.amounts.push_back(whole.amounts[step]);
  }
  part.chain_begin.push_back(static_cast<Step>(selected.size()));
  RestrictSources(whole, selected, number, part);
  part.crossings = FindCrossings(*part.history, part.operations,
                                 part.chain_begin, part.chain_session);
  return part;
}

}  // namespace minos::checker

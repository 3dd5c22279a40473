// One key of a key-value store; every key is an object of its own.
//
//   get           → the value; nil or "" if the key is missing
//   put v         the value becomes v (nil: the key is missing)
//   append s      the string s is put behind the string that is there; a
//                 missing key counts as ""
//   delete        the key is missing from then on
//   cas [a b]     the value was a and becomes b; a result of `false` says that
//                 it was not a, and that nothing changed. Here too, "" fits a
//                 missing key.
//
// A state is a TextTable number, so that an append is O(1) however long the
// value has become. A missing key is the value nil.
//
// A string that no observed one begins with is like any other such string: it
// fits no get and no cas, and nothing that is appended changes that. Once all
// operations are known, all of them are one state. Else the appends between two
// gets would lead to as many states as they have orders.
//
// What can be dropped of info operations. An ok get of v, and a cas from v, are
// the observers of v.
//  - A put of v, cas to v, or append of v, where nothing observes v or a string
//    with v in it. From it to the next put, delete or cas the value has v in
//    it, so between them stand, in any linearization, only puts, deletes,
//    appends and info gets; and these fit every value, but for an append to
//    what is no string. Where that, or a refused cas, occurs, nothing is
//    dropped.
//  - A delete, or put of nil, where nothing observes nil or "" and nobody
//    appends.
//  - A cas from a value that is never there, and one from a to a.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"
#include "checker/models/text_table.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNil;
using history::kNoValue;
using history::ValueId;

enum Function : uint8_t { kGet, kPut, kAppend, kDelete, kCas };

constexpr FunctionInfo kFunctions[] = {
    {"get, read, r", "nil", "the value; nil or \"\" if the key is missing",
     "reads the key", Takes::kNothing},
    {"put, write, w, set", "the new value", "ignored", "replaces the value",
     Takes::kValue},
    {"append", "a string", "ignored", "puts it behind the string that is there",
     Takes::kValue},
    {"delete, del, remove", "nil", "ignored", "removes the key",
     Takes::kNothing},
    {"cas, compare-and-set, compare-and-swap", "[old new]",
     "ignored, but for `false`: the value was not old",
     "replaces old by new; `fail` says that it did not", Takes::kPair},
};

// How many characters of observed values may be searched for the pieces of info
// operations; beyond, they are kept.
constexpr size_t kMaxSearched = size_t{1} << 28;
// How many beginnings of observed strings are remembered; where there are more,
// no strings are taken for one.
constexpr size_t kMaxPrefixes = size_t{1} << 22;
// A string that no observed one begins with.
constexpr StateId kUntold = 0xFFFFFFFEu;

class KvModel : public ModelBase {
 public:
  KvModel(const history::ValueTable& values, ValueId initial)
      : ModelBase(values, "kv", kFunctions),
        texts_(values),
        missing_(texts_.Whole(kNil)),
        initial_(texts_.Whole(initial)) {
    Produce(initial);
  }

  bool IsReadOnly(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kGet || a.result == kFalse ||
           (a.function == kCas && Old(a) == New(a) && !IsEmptyString(Old(a)));
  }

  bool IsUnobservable(ActionId id) const override {
    const Action& a = action(id);
    if (a.function == kGet || IsReadOnly(id) || IsImpossible(id)) return true;
    if (has_refused_cas_) return false;
    if (!has_append_) {
      return New(a) == kNil ? !misses_are_observed_
                            : !observed_.contains(New(a));
    }
    return !has_other_than_string_ && !IsWithinObserved(id);
  }

  bool IsImpossible(ActionId id) const override {
    const Action& a = action(id);
    if (a.result == kFalse || (a.function != kGet && a.function != kCas)) {
      return false;
    }
    const ValueId needed = a.function == kGet ? a.result : Old(a);
    if (needed == kNoValue || produced_.contains(needed)) return false;
    if (IsEmptyString(needed)) return !produced_.contains(kNil);
    return !has_append_ || !IsString(needed);
  }

  bool IsBlind(ActionId id) const override {
    const Action& a = action(id);
    return a.function == kPut || a.function == kDelete;
  }

  bool Covers(ActionId general, ActionId special) const override {
    const Action& cas = action(special);
    return IsBlind(general) && cas.function == kCas && cas.result != kFalse &&
           effects_[general].next == effects_[special].next;
  }

  void Settle() override {
    if (is_settled_) return;
    size_t length = 0;
    for (const ValueId observed : LongestObserved()) {
      length += values().text(observed).size() + 1;
    }
    if (!has_append_ || length > kMaxPrefixes) return;
    prefixes_.reserve(length);
    for (const ValueId observed : LongestObserved()) {
      TextTable::ForEachPrefixHash(
          values().text(observed),
          [this](uint64_t hash) { prefixes_.insert(hash); });
    }
    is_settled_ = true;
    initial_ = Canonical(initial_);
    for (Effect& effect : effects_) effect.next = Canonical(effect.next);
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    const Effect& effect = effects_[id];
    switch (a.function) {
      case kGet:
        if (a.result == kNoValue || IsAsExpected(state, effect)) {
          successors.push_back(state);
        }
        return;
      case kPut:
      case kDelete:
        successors.push_back(effect.next);
        return;
      case kAppend:
        if (CanAppendTo(state)) {
          successors.push_back(cache_.GetOr(
              state, id, [&] { return Append(state, effect.piece); }));
        }
        return;
      default:
        if (IsAsExpected(state, effect) == (a.result == kFalse)) return;
        successors.push_back(a.result == kFalse ? state : effect.next);
    }
  }

  std::string DescribeState(StateId state) const override {
    if (state == missing_) return "the key is missing";
    if (state == kUntold) return "the value is a string that nobody saw";
    return "the value is " + TextOfState(state);
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    const Action& a = action(id);
    std::string did;
    if (a.function == kGet) {
      did = "it read " + Text(a.result);
    } else if (a.function == kAppend) {
      did = "it appended " + Text(a.argument);
    } else if (a.result == kFalse) {
      did = "it was refused, as if the value were not " + Text(Old(a));
    } else {
      did = "it replaced " + Text(Old(a));
    }
    return did + ", but " + DescribeState(state);
  }

 protected:
  absl::Status Normalize(Action& a) override {
    switch (a.function) {
      case kGet:
        a.argument = kNil;
        return absl::OkStatus();
      case kCas:
        if (!IsListOf(a.argument, 2)) return BadArgument(a, "a pair [old new]");
        if (a.result != kFalse) a.result = kNoValue;
        return absl::OkStatus();
      case kAppend:
        if (!IsString(a.argument)) return BadArgument(a, "a string");
        break;
      case kDelete:
        a.argument = kNil;
        break;
      default:
        break;
    }
    a.result = kNoValue;
    return absl::OkStatus();
  }

  void OnNewAction(ActionId, const Action& a) override {
    Effect effect;
    switch (a.function) {
      case kGet:
        if (a.result == kNoValue) break;
        effect.expected = texts_.Whole(a.result);
        Observe(a.result);
        break;
      case kAppend:
        effect.piece = texts_.Piece(a.argument);
        has_append_ = true;
        Produce(a.argument);
        break;
      case kCas:
        effect.expected = texts_.Whole(Old(a));
        Observe(Old(a));
        if (a.result == kFalse) has_refused_cas_ = true;
        [[fallthrough]];
      default:
        effect.next = texts_.Whole(New(a));
        if (a.result != kFalse) Produce(New(a));
    }
    effects_.push_back(effect);
  }

  size_t StateBytes() const override {
    return texts_.MemoryBytes() + cache_.MemoryBytes() +
           effects_.capacity() * sizeof(Effect) +
           (observed_.capacity() + produced_.capacity()) *
               (sizeof(ValueId) + 1) +
           prefixes_.capacity() * (sizeof(uint64_t) + 1);
  }

 private:
  struct Effect {
    TextId expected = 0;  // of a get with a known result, and of a cas
    TextId next = 0;      // of a put, delete and cas
    TextPiece piece;      // of an append
  };

  ValueId Old(const Action& a) const {
    return values().elements(a.argument)[0];
  }
  // What a put, a delete, an append and a cas bring; of a delete nil.
  ValueId New(const Action& a) const {
    return a.function == kCas ? values().elements(a.argument)[1] : a.argument;
  }

  bool IsEmptyString(ValueId value) const {
    return IsString(value) && values().text(value).empty();
  }

  void Observe(ValueId value) {
    observed_.insert(value);
    if (value == kNil || IsEmptyString(value)) misses_are_observed_ = true;
  }

  void Produce(ValueId value) {
    produced_.insert(value);
    if (value != kNil && !IsString(value)) has_other_than_string_ = true;
  }

  bool IsAsExpected(StateId state, const Effect& effect) const {
    if (state == effect.expected) return true;
    if (state != missing_) return false;
    const ValueId expected = texts_.AsValue(effect.expected);
    return expected != kNoValue && IsEmptyString(expected);
  }

  bool CanAppendTo(StateId state) const {
    return state == missing_ || state == kUntold || texts_.IsString(state);
  }

  StateId Append(StateId state, const TextPiece& piece) {
    if (state == kUntold) return kUntold;
    return Canonical(state == missing_ ? texts_.Whole(piece.value)
                                       : texts_.Append(state, piece));
  }

  StateId Canonical(TextId text) const {
    const bool is_untold = is_settled_ && text != missing_ &&
                           texts_.IsString(text) &&
                           !prefixes_.contains(texts_.HashOf(text)) &&
                           texts_.HashOf(text) != TextTable::HashOfEmpty();
    return is_untold ? kUntold : text;
  }

  // Whether what the action brings is part of an observed string.
  bool IsWithinObserved(ActionId id) const {
    if (within_observed_.size() != action_count()) {
      within_observed_.assign(action_count(), Answer::kUnknown);
    }
    Answer& answer = within_observed_[id];
    if (answer == Answer::kUnknown) {
      answer = Search(New(action(id))) ? Answer::kYes : Answer::kNo;
    }
    return answer == Answer::kYes;
  }

  bool Search(ValueId value) const {
    if (!IsString(value)) return observed_.contains(value) || value == kNil;
    const std::string_view piece = values().text(value);
    for (const ValueId observed : LongestObserved()) {
      const std::string_view text = values().text(observed);
      searched_ += text.size();
      if (searched_ > kMaxSearched) return true;
      if (text.find(piece) != std::string_view::npos) return true;
    }
    return piece.empty();
  }

  // The observed strings that no other begins with: what is in any is in one of
  // these.
  const std::vector<ValueId>& LongestObserved() const {
    if (!longest_observed_.empty()) return longest_observed_;
    std::vector<ValueId> strings;
    for (const ValueId value : observed_) {
      if (IsString(value)) strings.push_back(value);
    }
    const auto text = [this](ValueId value) { return values().text(value); };
    std::sort(strings.begin(), strings.end(),
              [&](ValueId a, ValueId b) { return text(a) < text(b); });
    for (size_t i = 0; i < strings.size(); ++i) {
      const bool is_prefix = i + 1 < strings.size() &&
                             text(strings[i + 1]).starts_with(text(strings[i]));
      if (!is_prefix) longest_observed_.push_back(strings[i]);
    }
    return longest_observed_;
  }

  std::string TextOfState(StateId state) const {
    const ValueId value = texts_.AsValue(state);
    if (value != kNoValue) return Text(value);
    constexpr size_t kShown = 30;
    const std::string text = texts_.Characters(state);
    if (text.size() <= 2 * kShown) return '"' + text + '"';
    return '"' + text.substr(0, kShown) + "…" +
           text.substr(text.size() - kShown) + '"';
  }

  TextTable texts_;
  TextId missing_;
  TextId initial_;
  std::vector<Effect> effects_;  // by action
  StepCache cache_;
  absl::flat_hash_set<ValueId> observed_;
  absl::flat_hash_set<ValueId> produced_;
  bool has_refused_cas_ = false;
  bool has_append_ = false;
  bool has_other_than_string_ = false;
  bool misses_are_observed_ = false;
  bool is_settled_ = false;
  absl::flat_hash_set<uint64_t> prefixes_;  // of observed strings, hashed

  // What IsUnobservable has found out.
  enum class Answer : uint8_t { kUnknown, kYes, kNo };
  mutable std::vector<Answer> within_observed_;  // by action
  mutable std::vector<ValueId> longest_observed_;
  mutable size_t searched_ = 0;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  return std::make_unique<KvModel>(values,
                                   initial == kNoValue ? kNil : initial);
}

}  // namespace

ModelInfo KvInfo() {
  return {.name = "kv",
          .summary = "a key-value store: get, put, append, delete and cas",
          .functions = kFunctions,
          .initial =
              "the value of every key at the start; missing (nil) by "
              "default",
          .keys = KeyUse::kExpects,
          .make = &Make};
}

}  // namespace minos::checker

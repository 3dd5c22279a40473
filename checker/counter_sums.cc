// A sum does not tell who made it: what a read saw is any set of updates with
// that sum, and each choice binds what the rules make others see. The question
// is NP-complete already for one read (subset sum). So first intervals, which
// need no choice:
//
//  - a sum lies between those of all that could lower and all that could raise
//    it, and the amounts' greatest common divisor divides it;
//  - with read-your-writes, the session's own earlier updates are among them;
//  - with monotonic reads, from one read of a session to the next the sum
//    changes by its own updates between, and by others that could be new.
//
// With increments only that is: at least the session's own total, and never
// falling. What breaks an interval is a violation with a short explanation.
//
// Then a search, depth first. Reads are taken in the order of their returns and
// updates in that of their calls; so when a read is decided, all is known about
// the updates that it may have seen: D(u), what everybody sees who sees u. The
// least that the rules force it to see is its base, and the search adds
// candidates u (with all of D(u)) until the sum is right. An update once
// decided not to be seen by this read is not seen through another one either.
// Candidates are tried in the order of their returns: what a store had been
// told long ago most of its replicas know, and the sets of different reads
// come out nested.
//
// More than the sum needs is never added: a set without a surplus that sums to
// zero forces less on everybody and leaves the surplus for later reads to add.
// Where no rule looks past an update (neither monotonic writes nor
// writes-follow-reads), updates of other sessions with equal amounts are
// interchangeable, so of equals only one is tried; then the keys are
// independent too. And without writes-follow-reads the sessions are, without
// monotonic reads the reads.
//
// Sets of updates are bits. A decided read costs O(updates), and the search is
// bounded by a count of steps. Without any rule, and with amounts that differ
// in their sign alone, the intervals say all, and there is no search.

#include "checker/counter_sums.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "checker/counter_pairs.h"
#include "checker/reads_from.h"

namespace minos::checker {
namespace {

using history::kNoValue;
using history::OpIndex;
using history::Outcome;
using history::Position;
using history::ValueId;
using history::ValueKind;

// How many words and candidates the search may look at, and how many more for
// each step and update.
constexpr size_t kEffort = 30'000'000;
constexpr size_t kEffortAPair = 40;
// What the sets may take.
constexpr size_t kMaxBytes = size_t{1} << 30;
// Violations name no more operations than this.
constexpr size_t kMaxCore = 24;
constexpr uint32_t kNotAnUpdate = 0xFFFFFFFFu;

// A sum of updates, the positive and the negative ones apart.
struct Range {
  int64_t lowest = 0;
  int64_t highest = 0;

  void Add(int64_t amount) { (amount < 0 ? lowest : highest) += amount; }
  void Remove(int64_t amount) { (amount < 0 ? lowest : highest) -= amount; }
  bool Contains(int64_t sum) const { return lowest <= sum && sum <= highest; }
  friend Range operator-(const Range& a, const Range& b) {
    return {a.lowest - b.lowest, a.highest - b.highest};
  }
};

Violation SumViolation(const SessionHistory& steps, std::string kind, Step read,
                       std::vector<Step> core, std::string summary,
                       std::vector<std::string> sentences) {
  Violation violation;
  violation.kind = std::move(kind);
  violation.key = steps.key_names[steps.keys[read]];
  violation.summary = std::move(summary);
  violation.sentences = std::move(sentences);
  core.push_back(read);
  for (const Step step : core) {
    violation.core.push_back(steps.operations[step]);
  }
  std::sort(violation.core.begin(), violation.core.end());
  violation.core.erase(
      std::unique(violation.core.begin(), violation.core.end()),
      violation.core.end());
  violation.culprit = steps.operations[read];
  return violation;
}

// True if `read` is the sum that the update before it returned.
bool IsOwnSum(const SessionHistory& steps, Step read) {
  return read > 0 && steps.operations[read - 1] == steps.operations[read];
}

// ---- Intervals

class IntervalCheck {
 public:
  IntervalCheck(const SessionHistory& steps, RuleSet rules, bool explain,
                const std::vector<bool>* witnesses)
      : steps_(steps),
        rules_(rules),
        explain_(explain),
        witnesses_(witnesses),
        initial_(InitialSum(steps)),
        by_call_(steps.key_names.size()),
        ranges_(steps.key_names.size()),
        divisors_(steps.key_names.size(), 0) {
    for (Step step = 0; step < steps.size(); ++step) {
      if (!steps.IsRead(step)) by_call_[steps.keys[step]].push_back(step);
    }
    for (size_t key = 0; key < by_call_.size(); ++key) {
      std::vector<Step>& updates = by_call_[key];
      std::sort(updates.begin(), updates.end(), [&](Step a, Step b) {
        return std::pair(steps.call(a), a) < std::pair(steps.call(b), b);
      });
      Range range;
      ranges_[key].push_back(range);
      for (const Step update : updates) {
        range.Add(steps.amounts[update]);
        ranges_[key].push_back(range);
        divisors_[key] = std::gcd(divisors_[key], steps.amounts[update]);
      }
    }
  }

  // Tells `report` what breaks an interval: the read and the violation.
  template <typename F>
  void Run(F report) {
    for (uint32_t chain = 0; chain < steps_.chain_count(); ++chain) {
      Sweep(chain, report);
    }
  }

 private:
  // What a chain has done to a key.
  struct Past {
    uint32_t key;
    Range own;         // its updates
    Range own_before;  // those before its last read
    Step read = kNoStep;
  };

  Past& PastOf(uint32_t key) {
    for (Past& past : pasts_) {
      if (past.key == key) return past;
    }
    pasts_.push_back({key, {}, {}, kNoStep});
    return pasts_.back();
  }

  template <typename F>
  void Sweep(uint32_t chain, F report) {
    pasts_.clear();
    for (Step step = steps_.chain_begin[chain];
         step < steps_.chain_begin[chain + 1]; ++step) {
      Past& past = PastOf(steps_.keys[step]);
      if (!steps_.IsRead(step)) {
        past.own.Add(steps_.amounts[step]);
        continue;
      }
      Judge(step, past, report);
      past.read = step;
      past.own_before = past.own;
    }
  }

  // All that `read` could have seen.
  Range PossibleFor(Step read) const {
    const uint32_t key = steps_.keys[read];
    const auto end = std::partition_point(
        by_call_[key].begin(), by_call_[key].end(),
        [&](Step update) { return steps_.call(update) < steps_.end(read); });
    return ranges_[key][static_cast<size_t>(end - by_call_[key].begin())];
  }

  template <typename F>
  void Judge(Step read, const Past& past, F report) {
    const Range possible = PossibleFor(read);
    const int64_t sum = steps_.amounts[read] - initial_;
    const int64_t divisor = divisors_[steps_.keys[read]];
    const bool divides = divisor == 0 ? sum == 0 : sum % divisor == 0;
    if (!possible.Contains(sum) || !divides) {
      return report(read, Unreachable(read, possible, divides));
    }
    if (witnesses_ != nullptr && !(*witnesses_)[steps_.SessionOf(read)]) return;
    Range own;
    if (Has(rules_, kOwnWritesSeen)) {
      own = past.own;
    } else if (IsOwnSum(steps_, read)) {
      own.Add(steps_.amounts[read - 1]);
    }
    const Range others = possible - own;
    if (!others.Contains(sum - own.lowest - own.highest)) {
      return report(read, WithoutOwn(read, own, others));
    }
    if (!Has(rules_, kSeenStaysSeen) || past.read == kNoStep) return;
    const Range between =
        Has(rules_, kOwnWritesSeen) ? own - past.own_before : own;
    const int64_t change = steps_.amounts[read] - steps_.amounts[past.read];
    if (!others.Contains(change - between.lowest - between.highest)) {
      report(read, WrongChange(read, past.read, between, others));
    }
  }

  Violation Unreachable(Step read, const Range& possible, bool divides) const {
    if (!explain_) return {};
    return SumViolation(
        steps_, "thin-air-read", read, {},
        absl::StrCat(StepText(steps_, read), " returned ", steps_.amounts[read],
                     ", which no updates make"),
        {absl::StrCat(
            "The updates that were called before it returned make between ",
            initial_ + possible.lowest, " and ", initial_ + possible.highest,
            divides
                ? std::string()
                : absl::StrCat(", in steps of ", divisors_[steps_.keys[read]]),
            ".")});
  }

  std::vector<Step> OwnUpdates(Step read, Step after) const {
    std::vector<Step> core;
    for (Step step = steps_.chain_begin[steps_.chains[read]]; step < read;
         ++step) {
      if (!steps_.IsRead(step) && steps_.keys[step] == steps_.keys[read] &&
          (after == kNoStep || step > after)) {
        core.push_back(step);
      }
    }
    return core;
  }

  Violation WithoutOwn(Step read, const Range& own, const Range& others) const {
    if (!explain_) return {};
    const int64_t total = initial_ + own.lowest + own.highest;
    return SumViolation(
        steps_, "own-updates-not-seen", read, OwnUpdates(read, kNoStep),
        absl::StrCat(StepText(steps_, read), " returned ", steps_.amounts[read],
                     ", which does not count its session's own updates"),
        {absl::StrCat("What its session had added before makes ", total,
                      ". With what others had added it is between ",
                      total + others.lowest, " and ", total + others.highest,
                      ".")});
  }

  Violation WrongChange(Step read, Step before, const Range& between,
                        const Range& others) const {
    if (!explain_) return {};
    const int64_t least =
        steps_.amounts[before] + between.lowest + between.highest;
    std::vector<Step> core = OwnUpdates(read, before);
    core.push_back(before);
    return SumViolation(
        steps_, "update-forgotten", read, std::move(core),
        absl::StrCat(StepText(steps_, read), " returned ", steps_.amounts[read],
                     ", which does not count what its session had seen"),
        {absl::StrCat("Before, ", StepText(steps_, before), " had returned ",
                      steps_.amounts[before],
                      ". What that saw this must see too, so it is between ",
                      least + others.lowest, " and ", least + others.highest,
                      ".")});
  }

  const SessionHistory& steps_;
  RuleSet rules_;
  bool explain_;
  const std::vector<bool>* witnesses_;
  int64_t initial_;
  std::vector<std::vector<Step>> by_call_;  // by key
  std::vector<std::vector<Range>> ranges_;  // by key: of its first i updates
  std::vector<int64_t> divisors_;           // by key
  std::vector<Past> pasts_;                 // of one chain
};

// ---- The search

using Word = uint64_t;
constexpr size_t kWordBits = 64;

// Sets of updates, one a step.
class StepSets {
 public:
  StepSets() = default;
  StepSets(Step steps, size_t words) : words_(words), bits_(steps * words, 0) {}
  Word* operator[](Step step) { return bits_.data() + step * words_; }

 private:
  size_t words_ = 0;
  std::vector<Word> bits_;
};

bool HasBit(const Word* set, size_t bit) {
  return (set[bit / kWordBits] >> (bit % kWordBits) & 1) != 0;
}
void SetBit(Word* set, size_t bit) {
  set[bit / kWordBits] |= Word{1} << (bit % kWordBits);
}

class SumSearch {
 public:
  SumSearch(const SessionHistory& steps, RuleSet rules,
            const std::vector<bool>* witnesses, Budget& budget)
      : steps_(steps),
        witnesses_(witnesses),
        budget_(budget),
        own_seen_(Has(rules, kOwnWritesSeen)),
        seen_stays_(Has(rules, kSeenStaysSeen)),
        earlier_seen_(Has(rules, kEarlierWritesSeen)),
        reads_seen_(Has(rules, kReadWritesSeen)),
        initial_(InitialSum(steps)) {
    NumberUpdates();
    words_ = updates_.size() / kWordBits + 1;
    effort_ += kEffortAPair * steps.size() * updates_.size();
    sets_ = bases_ = brought_ = StepSets(steps.size(), words_);
    ReadVersions();
  }

  static size_t BytesFor(const SessionHistory& steps) {
    const auto updates = static_cast<size_t>(
        std::count(steps.kinds.begin(), steps.kinds.end(), StepKind::kUpdate));
    return steps.size() * (updates / kWordBits + 1) * sizeof(Word) * 3;
  }

  enum class Answer : uint8_t { kFound, kNone, kGaveUp };

  // Judges one session (all of them, for kAllSessions).
  static constexpr uint32_t kAllSessions = 0xFFFFFFFFu;
  Answer Run(uint32_t session) {
    CollectItems(session);
    choices_.clear();
    furthest_ = 0;
    size_t item = 0;
    bool is_resumed = false;
    while (item < items_.size()) {
      if (is_resumed || Advance(item)) {
        is_resumed = false;
        ++item;
        continue;
      }
      furthest_ = std::max(furthest_, item);
      if (effort_ == 0 || budget_.Exhausted()) return Answer::kGaveUp;
      if (!Resume(item)) {
        // Resume comes back without a way also where it was cut short.
        const bool gave_up = effort_ == 0 || budget_.Exhausted();
        return gave_up ? Answer::kGaveUp : Answer::kNone;
      }
      is_resumed = true;
    }
    return Answer::kFound;
  }

  // Fills in what every update brings along; once, before sessions are judged
  // one by one.
  void PrepareUpdates() {
    CollectItems(kAllSessions);
    for (const Step step : items_) {
      Start(step);
      if (steps_.IsRead(step)) {
        FinishRead(step, nullptr);
      } else {
        FinishUpdate(step);
      }
    }
  }

  // After kNone: the read that got furthest without an explanation.
  Step culprit() const { return items_[furthest_]; }
  // True if one session's reads bind those of another.
  bool is_joint() const { return reads_seen_; }

 private:
  // The way back to a read, with the candidate at `position` left out next.
  struct Choice {
    size_t item;
    size_t position;
    int64_t need;
    std::vector<Word> seen;
    std::vector<Word> excluded;
  };

  void NumberUpdates() {
    for (Step step = 0; step < steps_.size(); ++step) {
      if (!steps_.IsRead(step)) updates_.push_back(step);
    }
    std::sort(updates_.begin(), updates_.end(), [&](Step a, Step b) {
      return std::tuple(steps_.end(a), steps_.call(a), a) <
             std::tuple(steps_.end(b), steps_.call(b), b);
    });
    number_.assign(steps_.size(), kNotAnUpdate);
    of_key_.resize(steps_.key_names.size());
    for (uint32_t i = 0; i < updates_.size(); ++i) {
      number_[updates_[i]] = i;
      of_key_[steps_.keys[updates_[i]]].push_back(i);
    }
  }

  // Keeps the versions of the keys of which every ok update has its own.
  void ReadVersions() {
    version_ = CounterVersions(steps_);
    const bool has_any =
        std::any_of(version_.begin(), version_.end(),
                    [](int64_t version) { return version != kNoVersion; });
    if (!has_any) return version_.clear();
    has_versions_.assign(steps_.key_names.size(), true);
    for (size_t key = 0; key < of_key_.size(); ++key) {
      std::vector<int64_t> known;
      for (const uint32_t update : of_key_[key]) {
        const Step step = updates_[update];
        if (version_[step] != kNoVersion) {
          known.push_back(version_[step]);
        } else if (IsOk(step)) {
          has_versions_[key] = false;
        }
      }
      std::sort(known.begin(), known.end());
      if (std::adjacent_find(known.begin(), known.end()) != known.end()) {
        has_versions_[key] = false;
      }
    }
  }

  bool IsOk(Step step) const {
    return steps_.history->outcome(steps_.operations[step]) == Outcome::kOk;
  }
  bool IsWitness(Step step) const {
    return witnesses_ == nullptr || (*witnesses_)[steps_.SessionOf(step)];
  }

  // The steps to take, in their order.
  void CollectItems(uint32_t session) {
    items_.clear();
    for (uint32_t chain = 0; chain < steps_.chain_count(); ++chain) {
      if (session != kAllSessions && steps_.chain_session[chain] != session) {
        continue;
      }
      for (Step step = steps_.chain_begin[chain];
           step < steps_.chain_begin[chain + 1]; ++step) {
        items_.push_back(step);
      }
    }
    const auto place = [&](Step step) {
      return steps_.IsRead(step) ? steps_.end(step) : steps_.call(step);
    };
    std::sort(items_.begin(), items_.end(), [&](Step a, Step b) {
      return std::pair(place(a), a) < std::pair(place(b), b);
    });
  }

  void Spend(size_t effort) { effort_ -= std::min(effort_, effort); }
  void Join(Word* into, const Word* from) {
    for (size_t i = 0; i < words_; ++i) into[i] |= from[i];
  }

  // What the steps before `step` in its session hand on to it.
  void Start(Step step) {
    Spend(4 * words_);
    Word* base = bases_[step];
    Word* brought = brought_[step];
    if (step > steps_.chain_begin[steps_.chains[step]]) {
      std::copy_n(bases_[step - 1], words_, base);
      std::copy_n(brought_[step - 1], words_, brought);
    } else {
      std::fill_n(base, words_, 0);
      std::fill_n(brought, words_, 0);
    }
    auto crossing =
        std::lower_bound(steps_.crossings.begin(), steps_.crossings.end(), step,
                         [](const Crossing& a, Step b) { return a.to < b; });
    for (; crossing != steps_.crossings.end() && crossing->to == step;
         ++crossing) {
      Join(base, bases_[crossing->from]);
      Join(brought, brought_[crossing->from]);
    }
  }

  // Sets D of `update`, and hands on.
  void FinishUpdate(Step update) {
    Word* set = sets_[update];
    std::copy_n(brought_[update], words_, set);
    SetBit(set, number_[update]);
    if (earlier_seen_) Join(brought_[update], set);
    if (own_seen_) Join(bases_[update], set);
  }

  // Sets what `read` sees (nothing, if null), and hands on.
  void FinishRead(Step read, const Word* seen) {
    Word* set = sets_[read];
    if (seen == nullptr) {
      std::fill_n(set, words_, 0);
      return;
    }
    std::copy_n(seen, words_, set);
    if (seen_stays_) Join(bases_[read], set);
    if (!reads_seen_) return;
    Word* brought = brought_[read];
    if (steps_.key_names.size() == 1 && IsWitness(read)) {
      Join(brought, set);
      return;
    }
    for (const uint32_t update : of_key_[steps_.keys[read]]) {
      if (HasBit(seen, update) && !HasBit(brought, update)) {
        Join(brought, sets_[updates_[update]]);
        Spend(words_);
      }
    }
    Spend(of_key_[steps_.keys[read]].size());
  }

  // Takes the item's step for the first time; false if nothing explains it.
  bool Advance(size_t item) {
    const Step step = items_[item];
    Start(step);
    if (!steps_.IsRead(step)) {
      FinishUpdate(step);
      return true;
    }
    seen_.assign(words_, 0);
    excluded_.assign(words_, 0);
    if (IsWitness(step)) std::copy_n(bases_[step], words_, seen_.begin());
    if (IsOwnSum(steps_, step)) See(step, number_[step - 1]);
    if (!ApplyVersion(step)) return false;
    int64_t need = steps_.amounts[step] - initial_;
    for (const uint32_t update : of_key_[steps_.keys[step]]) {
      if (HasBit(seen_.data(), update)) need -= Amount(update);
    }
    return Explain(item, 0, need);
  }

  // Goes back to the last choice, and takes the other way.
  bool Resume(size_t& item) {
    while (!choices_.empty()) {
      Choice choice = std::move(choices_.back());
      choices_.pop_back();
      item = choice.item;
      const Step read = items_[item];
      Start(read);
      seen_ = std::move(choice.seen);
      excluded_ = std::move(choice.excluded);
      Exclude(read, choice.position);
      if (Explain(item, choice.position + 1, choice.need)) return true;
      if (effort_ == 0 || budget_.Exhausted()) return false;
    }
    return false;
  }

  int64_t Amount(uint32_t update) const {
    return steps_.amounts[updates_[update]];
  }
  bool IsEligible(Step read, uint32_t update) const {
    return steps_.call(updates_[update]) < steps_.end(read);
  }
  // True if nothing follows from seeing an update.
  bool IsPlain(Step read) const {
    return !(earlier_seen_ || reads_seen_) || !IsWitness(read);
  }

  // Lets the current read see `update` and what it brings along.
  void See(Step read, uint32_t update) {
    if (IsPlain(read)) {
      SetBit(seen_.data(), update);
    } else {
      Join(seen_.data(), sets_[updates_[update]]);
      Spend(words_);
    }
  }

  // What the version of `read` says; false if that cannot be.
  bool ApplyVersion(Step read) {
    const uint32_t key = steps_.keys[read];
    if (version_.empty() || !has_versions_[key] ||
        version_[read] == kNoVersion) {
      return true;
    }
    for (const uint32_t update : of_key_[key]) {
      const int64_t version = version_[updates_[update]];
      if (version == kNoVersion) continue;
      if (version > version_[read]) {
        SetBit(excluded_.data(), update);
      } else if (!IsEligible(read, update)) {
        return false;
      } else {
        See(read, update);
      }
    }
    return !Meets(seen_.data(), excluded_.data());
  }

  bool Meets(const Word* a, const Word* b) const {
    for (size_t i = 0; i < words_; ++i) {
      if ((a[i] & b[i]) != 0) return true;
    }
    return false;
  }

  // The candidates from `position` on.
  Range Rest(Step read, size_t position) {
    const std::vector<uint32_t>& candidates = of_key_[steps_.keys[read]];
    Range rest;
    for (size_t p = position; p < candidates.size(); ++p) {
      const uint32_t update = candidates[p];
      if (IsCandidate(read, update)) rest.Add(Amount(update));
    }
    Spend(candidates.size() - std::min(position, candidates.size()));
    return rest;
  }
  bool IsCandidate(Step read, uint32_t update) const {
    return !HasBit(seen_.data(), update) && !HasBit(excluded_.data(), update) &&
           IsEligible(read, update);
  }

  // Adds candidates from `position` on until `need` is met; false if none do.
  bool Explain(size_t item, size_t position, int64_t need) {
    const Step read = items_[item];
    const std::vector<uint32_t>& candidates = of_key_[steps_.keys[read]];
    Range rest = Rest(read, position);
    for (; need != 0; ++position) {
      if (effort_ == 0 || !rest.Contains(need)) return false;
      const uint32_t update = candidates[position];
      Spend(1);
      if (!IsCandidate(read, update)) continue;
      rest.Remove(Amount(update));
      if (Amount(update) == 0) continue;
      if (!TryToSee(item, position, need, rest)) {
        Exclude(read, position);
        if (may_swap_) rest = Rest(read, position + 1);
      }
    }
    FinishRead(read, seen_.data());
    // Nothing that was chosen for a read that binds no other is taken back.
    const bool binds = reads_seen_ || (seen_stays_ && IsWitness(read));
    if (!binds) choices_.clear();
    return true;
  }

  // Sees the candidate, unless that leads nowhere.
  bool TryToSee(size_t item, size_t position, int64_t& need, Range& rest) {
    const Step read = items_[item];
    const std::vector<uint32_t>& candidates = of_key_[steps_.keys[read]];
    const uint32_t update = candidates[position];
    if (IsPlain(read)) {
      if (!rest.Contains(need - Amount(update))) return false;
      Push(item, position, need);
      SetBit(seen_.data(), update);
      need -= Amount(update);
      return true;
    }
    const Word* brings = sets_[updates_[update]];
    Spend(words_);
    if (Meets(brings, excluded_.data())) return false;
    int64_t change = 0;
    for (size_t p = 0; p < candidates.size(); ++p) {
      const uint32_t other = candidates[p];
      if (HasBit(brings, other) && !HasBit(seen_.data(), other)) {
        change += Amount(other);
      }
    }
    Spend(candidates.size());
    Push(item, position, need);
    Join(seen_.data(), brings);
    const Range after = Rest(read, position + 1);
    if (!after.Contains(need - change)) {
      seen_ = std::move(choices_.back().seen);
      choices_.pop_back();
      return false;
    }
    need -= change;
    rest = after;
    return true;
  }

  void Push(size_t item, size_t position, int64_t need) {
    choices_.push_back({item, position, need, seen_, excluded_});
    Spend(2 * words_);
  }

  // Leaves the candidate out, and those that could stand for it.
  void Exclude(Step read, size_t position) {
    const std::vector<uint32_t>& candidates = of_key_[steps_.keys[read]];
    const uint32_t update = candidates[position];
    SetBit(excluded_.data(), update);
    const uint32_t session = steps_.SessionOf(read);
    may_swap_ = IsPlain(read) && version_.empty() && !reads_seen_ &&
                steps_.SessionOf(updates_[update]) != session;
    if (!may_swap_) return;
    for (size_t p = position + 1; p < candidates.size(); ++p) {
      const uint32_t other = candidates[p];
      if (Amount(other) == Amount(update) &&
          steps_.SessionOf(updates_[other]) != session &&
          !HasBit(seen_.data(), other)) {
        SetBit(excluded_.data(), other);
      }
    }
    Spend(candidates.size() - position);
  }

  const SessionHistory& steps_;
  const std::vector<bool>* witnesses_;
  Budget& budget_;
  bool own_seen_;
  bool seen_stays_;
  bool earlier_seen_;
  bool reads_seen_;
  int64_t initial_;
  std::vector<Step> updates_;                  // in the order of their returns
  std::vector<uint32_t> number_;               // by step: its place there
  std::vector<std::vector<uint32_t>> of_key_;  // by key: places
  std::vector<int64_t> version_;               // by step; empty without any
  std::vector<bool> has_versions_;             // by key
  size_t words_ = 1;
  StepSets sets_;     // D of an update; what a read sees
  StepSets bases_;    // what the session's later reads see
  StepSets brought_;  // what the session's later updates bring along
  std::vector<Step> items_;
  std::vector<Choice> choices_;
  std::vector<Word> seen_;      // by the read that is being explained
  std::vector<Word> excluded_;  // not seen by it
  bool may_swap_ = false;
  size_t furthest_ = 0;
  size_t effort_ = kEffort;
};

class SumCheck {
 public:
  SumCheck(const SessionHistory& steps, RuleSet rules, bool explain,
           Budget& budget, const std::vector<bool>* witnesses)
      : steps_(steps),
        rules_(rules),
        explain_(explain),
        budget_(budget),
        witnesses_(witnesses) {}

  ArbitrationOutcome Run() && {
    outcome_.violated_sessions.assign(steps_.session_names.size(), false);
    const bool keys_are_apart =
        (rules_ & (kEarlierWritesSeen | kReadWritesSeen)) == 0;
    if (keys_are_apart && steps_.key_names.size() > 1) {
      JudgeKeys();
    } else {
      Judge(steps_);
    }
    if (outcome_.verdict == Verdict::kViolation) outcome_.unknown.reset();
    return std::move(outcome_);
  }

 private:
  void JudgeKeys() {
    std::vector<std::vector<Step>> by_key(steps_.key_names.size());
    for (Step step = 0; step < steps_.size(); ++step) {
      by_key[steps_.keys[step]].push_back(step);
    }
    for (const std::vector<Step>& selected : by_key) {
      if (budget_.Exhausted()) break;
      Judge(RestrictTo(steps_, selected));
    }
  }

  void Judge(const SessionHistory& steps) {
    bool breaks = false;
    IntervalCheck(steps, rules_, explain_, witnesses_)
        .Run([&](Step read, Violation violation) {
          breaks = true;
          Report(steps.SessionOf(read), std::move(violation));
        });
    if (IntervalsSayAll(steps)) return;
    const bool is_joint = Has(rules_, kReadWritesSeen);
    if (is_joint && breaks) {
      // Nobody's reads can be told from anybody else's.
      outcome_.violated_sessions.assign(steps.session_names.size(), true);
      return;
    }
    const size_t bytes = SumSearch::BytesFor(steps);
    if (bytes > kMaxBytes) return NoteUnknown(UnknownReason::kAmbiguousValues);
    if (!budget_.Charge(bytes)) return NoteUnknown(*budget_.Exhausted());
    outcome_.memory_bytes = std::max(outcome_.memory_bytes, bytes);
    SumSearch search(steps, rules_, witnesses_, budget_);
    if (is_joint) {
      Search(search, steps, SumSearch::kAllSessions);
    } else {
      search.PrepareUpdates();
      for (uint32_t s = 0; s < steps.session_names.size(); ++s) {
        if (!outcome_.violated_sessions[s]) Search(search, steps, s);
      }
    }
    budget_.Release(bytes);
  }

  // Where no rule binds one read to another, and the amounts of the key differ
  // in their sign alone, some of them make each multiple within the interval.
  bool IntervalsSayAll(const SessionHistory& steps) const {
    constexpr RuleSet kBinding =
        kOwnWritesSeen | kSeenStaysSeen | kEarlierWritesSeen | kReadWritesSeen;
    if ((rules_ & kBinding) != 0 ||
        steps.history->values().FindString("version") != kNoValue) {
      return false;
    }
    int64_t amount = 0;
    for (Step step = 0; step < steps.size(); ++step) {
      if (steps.IsRead(step) || steps.amounts[step] == 0) continue;
      const int64_t size = std::abs(steps.amounts[step]);
      if (amount != 0 && size != amount) return false;
      amount = size;
    }
    return true;
  }

  void Search(SumSearch& search, const SessionHistory& steps,
              uint32_t session) {
    switch (search.Run(session)) {
      case SumSearch::Answer::kFound:
        return;
      case SumSearch::Answer::kGaveUp:
        return NoteUnknown(
            budget_.Exhausted().value_or(UnknownReason::kAmbiguousValues));
      case SumSearch::Answer::kNone:
        break;
    }
    const Step culprit = search.culprit();
    Report(steps.SessionOf(culprit),
           explain_ ? NoChoice(steps, culprit) : Violation{});
    if (session == SumSearch::kAllSessions) {
      outcome_.violated_sessions.assign(steps.session_names.size(), true);
    }
  }

  void Report(uint32_t session, Violation violation) {
    outcome_.verdict = Verdict::kViolation;
    outcome_.violated_sessions[session] = true;
    if (outcome_.violations.size() < kMaxArbitrationViolations) {
      outcome_.violations.push_back(std::move(violation));
    }
  }

  void NoteUnknown(UnknownReason reason) {
    if (outcome_.verdict == Verdict::kValid) {
      outcome_.verdict = Verdict::kUnknown;
    }
    outcome_.unknown = reason;
  }

  // The search has tried every set that the reads could have seen.
  static Violation NoChoice(const SessionHistory& steps, Step culprit) {
    std::vector<Step> core;
    for (Step step = culprit;
         step-- > steps.chain_begin[steps.chains[culprit]];) {
      if (core.size() < kMaxCore) core.push_back(step);
    }
    return SumViolation(
        steps, "sum-not-explained", culprit, std::move(core),
        absl::StrCat(StepText(steps, culprit), " returned ",
                     steps.amounts[culprit],
                     ", and no choice of the updates that it saw explains it"),
        {absl::StrCat("Every choice of updates that makes the sums returned "
                      "before it was tried. With each, what this read must see "
                      "then cannot make ",
                      steps.amounts[culprit], ".")});
  }

  const SessionHistory& steps_;
  RuleSet rules_;
  bool explain_;
  Budget& budget_;
  const std::vector<bool>* witnesses_;
  ArbitrationOutcome outcome_;
};

}  // namespace

ArbitrationOutcome CheckCounterSums(const SessionHistory& steps, RuleSet rules,
                                    bool explain, Budget& budget,
                                    const std::vector<bool>* witnesses) {
  return SumCheck(steps, rules, explain, budget, witnesses).Run();
}

}  // namespace minos::checker

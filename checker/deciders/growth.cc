// Linearizability of what only grows and is read as a whole: lists that grow at
// their end, and sets to which elements are added.
//
// Precondition. There are only additions and reads of the whole; of a list, a
// value that some ok read shows was appended at most once (and is not in the
// list at the start). In a set, elements may be added as often as one likes.
//
// The idea. Each read shows what had been added before it, so the reads tell
// their own order: of two reads one must show a beginning of the other's list,
// or a subset of the other's set. Give each operation a rank: 2k to a read of k
// elements; to the append of the element at place i (from 0) 2i + 1; to the
// first addition of an element of a set 2k + 1, if k elements are in the
// largest read without it; and to additions of what no read shows one more than
// to the last read. The value at the start is a read that returned before
// everything.
//
// Why it is right. In any linearization the ranks of reads and of what they
// show do not fall, and additions that no read shows come after all reads. So
//   - an operation must not return before one of a smaller rank is called.
// Of a set, this goes for *each* addition of an element against those of
// smaller rank, since each of them makes the element show; but only the first
// addition in the order must come before the reads that show it. The one that
// was called first is the best choice for it: of the demands "must not be
// called after such a read returned" its is the weakest, and all other demands
// are common to all additions of the element. The others may come at any later
// time, where they change nothing: at the largest of their own rank and those
// of everything before them in real time.
// Conversely, sort by rank and then by call. Real time is kept: of two
// operations of one rank the one that returned before the other was called, was
// called first. And each read finds what it shows.
//
// Info additions that some read shows have happened; others are left out, which
// no read notices. (An info addition of an element that is added again may be
// the first one.)
//
// Prefixes. That a read does not go with another is certain when both have
// returned. An order that is broken between two operations is certain when
// reads have returned that show their ranks to differ.
//
// Cost. O(n log n + the size of all reads) time, about 60 bytes an operation.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/function_index.h"
#include "checker/deciders/local_ids.h"
#include "checker/deciders/smallest_prefix.h"
#include "history/value_text.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNever;
using history::kNil;
using history::kNoValue;
using history::kTrue;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;

constexpr uint32_t kNone = 0xFFFFFFFFu;
constexpr size_t kTextLength = 40;
constexpr size_t kBytesAnOperation = 60;

// The value at the start, as a read that returned before everything.
constexpr uint32_t kBeginning = 0;

enum Rule : int {
  kTwice,        // read `first` shows an element twice
  kDisagree,     // neither of the reads `first` and `second` goes on the other
  kNobodyAdded,  // read `first` shows the element `second`
  kOutOfOrder,   // rank `second` was called after rank `first` had returned
};

// The ranks of operations, by their returns.
class RanksByReturn {
 public:
  void Add(Moment end, uint32_t rank) {
    if (end != kNever) ranks_.emplace_back(end, rank);
  }
  // After all are added, and before any is asked for. O(n log n).
  void Close() {
    std::sort(ranks_.begin(), ranks_.end());
    for (size_t i = 1; i < ranks_.size(); ++i) {
      ranks_[i].second = std::max(ranks_[i].second, ranks_[i - 1].second);
    }
  }
  // Of what returned before `call`; 0 if nothing did. O(log n).
  uint32_t LargestBefore(Moment call) const {
    const auto at =
        std::lower_bound(ranks_.begin(), ranks_.end(), std::pair(call, 0u));
    return at == ranks_.begin() ? 0 : (at - 1)->second;
  }

 private:
  // Once closed: with the largest rank up to then.
  std::vector<std::pair<Moment, uint32_t>> ranks_;
};

class Growth : public PrefixJudge {
 public:
  Growth(const DeciderInput& input, Budget& budget)
      : input_(input),
        budget_(budget),
        is_list_(input.model.name == "list-append"),
        ids_(input.calls.size(), input.values.size()) {}

  // Why the precondition does not hold; empty if it does.
  std::string Prepare();
  std::optional<Contradiction> Judge(Moment last) override;
  std::string Describe(const Contradiction& contradiction) const override;
  // Of the prefix judged last, which was no violation.
  std::vector<OpIndex> Linearization() const;

 private:
  struct Addition {
    OpIndex operation;
    Moment call;
    Moment end;
    uint32_t element;
    uint32_t next = kNone;  // the next addition of this element
  };
  struct Read {
    OpIndex operation;
    Moment call;
    Moment end;
    ValueId shown;
    uint32_t size;
  };
  // The reads of one size.
  struct Group {
    uint32_t size;
    uint32_t read;          // the first of them to return
    uint32_t elements;      // how many elements of chain_ there are up to here
    Moment first_end;       // of these reads
    Moment first_end_from;  // of these and all larger ones
    size_t first_read;      // in ordered_; up to that of the next group
  };
  // An operation that others must not return before.
  struct Latest {
    Moment call = kStart;
    Moment read_end = kStart;  // of a read; 0 for an addition
  };

  std::span<const ValueId> Elements(ValueId shown) const {
    if (shown == kNil) return {};
    return input_.values.elements(shown);
  }
  std::string AddBeginning();
  std::string AddOperation(const ObservedCall& call, FunctionIndex& functions);
  std::string AddRead(const ObservedCall& call);
  std::string CheckUnambiguous();
  void FindDoubles();
  void LinkAdditions();
  void SortReads();
  std::optional<Contradiction> GroupReads();
  bool GoesOn(ValueId shown) const;
  void Extend(ValueId shown, uint32_t size);
  void CheckRanks();
  void CheckNewElements(size_t group, Latest& latest);
  void CheckElement(uint32_t element, size_t group, const Latest& latest);
  void CheckReads(size_t group, Latest& latest);
  void CheckUnseen(const Latest& latest);
  void Check(Moment end, const Latest& latest, Moment certain);
  void Report(const Contradiction& contradiction);
  std::string Text(uint32_t element) const;
  std::string DescribeOrder(Moment returned, Moment called) const;

  const DeciderInput& input_;
  Budget& budget_;
  bool is_list_;
  LocalIds ids_;
  std::vector<Addition> additions_;  // in the order of their calls
  std::vector<Read> reads_;          // likewise, after the beginning
  std::vector<uint32_t> reads_by_size_;
  std::vector<uint32_t> first_addition_;  // by element
  std::vector<bool> is_in_beginning_;     // by element
  std::optional<Contradiction> doubled_;

  // Of the prefix being judged.
  Moment last_ = kNever;
  std::optional<Contradiction> earliest_;
  std::vector<uint32_t> ordered_;  // the reads that returned, by size
  std::vector<Group> groups_;
  std::vector<uint32_t> chain_;  // the elements in the order they show
  std::vector<uint32_t> rank_;   // by element; 0 if no read shows it
};

std::string Growth::Prepare() {
  std::string problem = AddBeginning();
  FunctionIndex functions(input_.values, input_.model);
  for (const ObservedCall& call : input_.calls) {
    if (!problem.empty() || budget_.Exhausted()) return problem;
    problem = AddOperation(call, functions);
  }
  for (const Read& read : reads_) {
    for (const ValueId element : Elements(read.shown)) ids_.Of(element);
  }
  if (problem.empty()) problem = CheckUnambiguous();
  if (!problem.empty() || budget_.Exhausted()) return problem;
  LinkAdditions();
  FindDoubles();
  SortReads();
  return "";
}

std::string Growth::AddBeginning() {
  const ValueId initial = input_.initial == kNoValue ? kNil : input_.initial;
  if (initial != kNil) {
    const ValueKind kind = input_.values.kind(initial);
    if (kind != ValueKind::kList && (is_list_ || kind != ValueKind::kSet)) {
      return "the value at the start is not one of the type";
    }
  }
  reads_.push_back({kNone, kStart, kStart, initial,
                    static_cast<uint32_t>(Elements(initial).size())});
  return "";
}

std::string Growth::AddOperation(const ObservedCall& call,
                                 FunctionIndex& functions) {
  const std::string_view function = functions.MainNameOf(call.content.function);
  if (function == "read") return AddRead(call);
  if (function != "append" && function != "add") {
    return "there is an operation that is neither an addition nor a read";
  }
  const ValueId result = call.content.result;
  if (input_.model.name == "set" && (result == kTrue || result == kFalse)) {
    return "an addition says whether the element was new";
  }
  const ValueId argument =
      call.content.argument == kNoValue ? kNil : call.content.argument;
  additions_.push_back({call.operation, MomentOf(call.call), MomentOf(call.end),
                        ids_.Of(argument)});
  return "";
}

std::string Growth::AddRead(const ObservedCall& call) {
  if (!call.content.is_ok) return "";
  const ValueId shown =
      call.content.result == kNoValue ? kNil : call.content.result;
  if (shown != kNil) {
    const ValueKind kind = input_.values.kind(shown);
    if (kind != ValueKind::kList && (is_list_ || kind != ValueKind::kSet)) {
      return "a read shows what is not a collection";
    }
  }
  reads_.push_back({call.operation, MomentOf(call.call), MomentOf(call.end),
                    shown, static_cast<uint32_t>(Elements(shown).size())});
  return "";
}

std::string Growth::CheckUnambiguous() {
  is_in_beginning_.assign(ids_.size(), false);
  for (const ValueId element : Elements(reads_[kBeginning].shown)) {
    is_in_beginning_[ids_.Of(element)] = true;
  }
  if (!is_list_) return "";
  std::vector<bool> is_shown(ids_.size(), false);
  for (const Read& read : reads_) {
    for (const ValueId element : Elements(read.shown)) {
      is_shown[ids_.Of(element)] = true;
    }
  }
  std::vector<bool> is_appended = is_in_beginning_;
  for (const Addition& addition : additions_) {
    if (is_appended[addition.element] && is_shown[addition.element]) {
      return absl::StrCat("the value ", Text(addition.element),
                          " is read and was appended more than once");
    }
    is_appended[addition.element] = true;
  }
  return "";
}

void Growth::LinkAdditions() {
  first_addition_.assign(ids_.size(), kNone);
  for (auto i = static_cast<uint32_t>(additions_.size()); i-- > 0;) {
    uint32_t& first = first_addition_[additions_[i].element];
    additions_[i].next = first;
    first = i;
  }
}

// The first return of a read that shows an element twice.
void Growth::FindDoubles() {
  std::vector<uint32_t> shown_by(ids_.size(), kNone);
  for (uint32_t i = 0; i < reads_.size(); ++i) {
    for (const ValueId element : Elements(reads_[i].shown)) {
      uint32_t& by = shown_by[ids_.Of(element)];
      if (by == i && (!doubled_ || reads_[i].end < doubled_->certain)) {
        doubled_ = {reads_[i].end, kTwice, i, ids_.Of(element)};
      }
      by = i;
    }
  }
}

void Growth::SortReads() {
  reads_by_size_.resize(reads_.size());
  for (uint32_t i = 0; i < reads_.size(); ++i) reads_by_size_[i] = i;
  std::stable_sort(reads_by_size_.begin(), reads_by_size_.end(),
                   [this](uint32_t a, uint32_t b) {
                     return reads_[a].size < reads_[b].size;
                   });
}

void Growth::Report(const Contradiction& contradiction) {
  if (!earliest_ || contradiction.certain < earliest_->certain) {
    earliest_ = contradiction;
  }
}

std::optional<Contradiction> Growth::Judge(Moment last) {
  earliest_.reset();
  last_ = last;
  if (doubled_ && doubled_->certain <= last) {
    earliest_ = doubled_;
    last_ = doubled_->certain - 1;
  }
  if (const auto disagreement = GroupReads()) {
    Report(*disagreement);
  } else if (!budget_.Exhausted()) {
    CheckRanks();
  }
  return earliest_;
}

// Sorts the reads into groups and the elements into a chain; unless two reads
// do not go together.
std::optional<Contradiction> Growth::GroupReads() {
  ordered_.clear();
  groups_.clear();
  chain_.clear();
  rank_.assign(ids_.size(), 0);
  for (const uint32_t i : reads_by_size_) {
    const Read& read = reads_[i];
    if (read.end > last_) continue;
    if (budget_.Exhausted()) return std::nullopt;
    const bool is_known =
        !groups_.empty() && reads_[groups_.back().read].shown == read.shown;
    if (!is_known && !GoesOn(read.shown)) {
      const uint32_t other = groups_.back().read;
      return Contradiction{std::max(read.end, reads_[other].end), kDisagree, i,
                           other};
    }
    if (groups_.empty() || groups_.back().size < read.size) {
      Extend(read.shown, read.size);
      groups_.push_back({read.size, i, static_cast<uint32_t>(chain_.size()),
                         read.end, kNever, ordered_.size()});
    } else if (read.end < groups_.back().first_end) {
      groups_.back().first_end = read.end;
      groups_.back().read = i;
    }
    ordered_.push_back(i);
  }
  Moment first = kNever;
  for (size_t i = groups_.size(); i-- > 0;) {
    first = std::min(first, groups_[i].first_end);
    groups_[i].first_end_from = first;
  }
  return std::nullopt;
}

// Whether all of the chain is in `shown`; of a list, in front.
bool Growth::GoesOn(ValueId shown) const {
  const auto elements = Elements(shown);
  size_t known = 0;
  for (size_t i = 0; i < elements.size(); ++i) {
    const uint32_t element = ids_.Find(elements[i]);
    if (is_list_) {
      if (i == chain_.size()) break;
      if (element != chain_[i]) return false;
    }
    if (rank_[element] != 0) ++known;
  }
  return known == chain_.size();
}

void Growth::Extend(ValueId shown, uint32_t size) {
  chain_.reserve(size);
  const auto before = static_cast<uint32_t>(chain_.size());
  for (const ValueId shown_element : Elements(shown)) {
    const uint32_t element = ids_.Find(shown_element);
    if (rank_[element] != 0) continue;
    const auto place = is_list_ ? static_cast<uint32_t>(chain_.size()) : before;
    rank_[element] = 2 * place + 1;
    chain_.push_back(element);
  }
}

void Growth::CheckRanks() {
  Latest latest;
  for (size_t group = 0; group < groups_.size(); ++group) {
    CheckNewElements(group, latest);
    CheckReads(group, latest);
  }
  CheckUnseen(latest);
}

// The elements that this group shows and no smaller one does.
void Growth::CheckNewElements(size_t group, Latest& latest) {
  const Latest before = latest;
  for (size_t i = group == 0 ? 0 : groups_[group - 1].elements;
       i < groups_[group].elements; ++i) {
    const uint32_t element = chain_[i];
    if (is_in_beginning_[element]) continue;
    const uint32_t first = first_addition_[element];
    if (first == kNone || additions_[first].call > last_) {
      Report({groups_[group].first_end_from, kNobodyAdded, groups_[group].read,
              element});
      continue;
    }
    CheckElement(element, group, is_list_ ? latest : before);
    if (additions_[first].call > latest.call) {
      latest = {additions_[first].call, kStart};
    }
  }
}

void Growth::CheckElement(uint32_t element, size_t group,
                          const Latest& latest) {
  for (uint32_t i = first_addition_[element]; i != kNone;
       i = additions_[i].next) {
    const Addition& addition = additions_[i];
    if (addition.end > last_) continue;
    // A list is known to have these elements in this order from its first read
    // on, a set from a read on that shows all others.
    const Moment certain =
        is_list_ ? groups_[group].first_end_from
                 : std::max(addition.end,
                            group == 0 ? kStart : groups_[group - 1].first_end);
    Check(addition.end, latest, certain);
  }
}

void Growth::CheckReads(size_t group, Latest& latest) {
  const size_t last = group + 1 < groups_.size() ? groups_[group + 1].first_read
                                                 : ordered_.size();
  const Latest before = latest;
  for (size_t i = groups_[group].first_read; i < last; ++i) {
    const Read& read = reads_[ordered_[i]];
    Check(read.end, before, read.end);
    if (read.call > latest.call) latest = {read.call, read.end};
  }
}

// Additions that no read shows come after all reads.
void Growth::CheckUnseen(const Latest& latest) {
  for (const Addition& addition : additions_) {
    if (addition.call > last_) break;
    if (addition.end > last_ || rank_[addition.element] != 0) continue;
    Check(addition.end, latest,
          std::max(addition.end, groups_.back().first_end));
  }
}

// `certain` is when it is known that what returned at `end` comes after
// `latest`, if that is an addition.
void Growth::Check(Moment end, const Latest& latest, Moment certain) {
  if (end >= latest.call) return;
  Report({latest.read_end != kStart ? latest.read_end : certain, kOutOfOrder,
          end, latest.call});
}

std::vector<OpIndex> Growth::Linearization() const {
  struct Entry {
    uint64_t key;  // rank and call
    OpIndex operation;
    bool operator<(const Entry& other) const { return key < other.key; }
  };
  const auto key = [](uint32_t rank, Moment call) {
    return uint64_t{rank} << 32 | call;
  };
  std::vector<Entry> entries;
  entries.reserve(reads_.size() + additions_.size());
  RanksByReturn ranks;
  const auto add = [&](uint32_t rank, Moment call, Moment end,
                       OpIndex operation) {
    entries.push_back({key(rank, call), operation});
    ranks.Add(end, rank);
  };
  for (uint32_t i = 1; i < reads_.size(); ++i) {
    const Read& read = reads_[i];
    add(2 * read.size, read.call, read.end, read.operation);
  }
  const auto unseen_rank = 2 * static_cast<uint32_t>(chain_.size()) + 1;
  std::vector<const Addition*> repeated;
  for (uint32_t i = 0; i < additions_.size(); ++i) {
    const Addition& addition = additions_[i];
    const uint32_t rank = rank_[addition.element];
    const bool is_first = first_addition_[addition.element] == i &&
                          !is_in_beginning_[addition.element];
    if (rank != 0 && is_first) {
      add(rank, addition.call, addition.end, addition.operation);
    } else if (addition.end == kNever) {
      continue;
    } else if (rank == 0) {
      add(unseen_rank, addition.call, addition.end, addition.operation);
    } else {
      repeated.push_back(&addition);
      ranks.Add(addition.end, rank);
    }
  }
  // An addition of what is there may stand after all that was before it.
  ranks.Close();
  for (const Addition* addition : repeated) {
    const uint32_t rank =
        std::max(rank_[addition->element], ranks.LargestBefore(addition->call));
    entries.push_back({key(rank, addition->call), addition->operation});
  }
  std::sort(entries.begin(), entries.end());
  std::vector<OpIndex> linearization;
  linearization.reserve(entries.size());
  for (const Entry& entry : entries) linearization.push_back(entry.operation);
  return linearization;
}

std::string Growth::Text(uint32_t element) const {
  return history::ToShortText(input_.values, ids_.value(element), kTextLength);
}

// What returned at `returned` comes after what was `called` later.
std::string Growth::DescribeOrder(Moment returned, Moment called) const {
  const auto earlier =
      std::find_if(additions_.begin(), additions_.end(),
                   [=](const Addition& each) { return each.end == returned; });
  const auto later =
      std::find_if(additions_.begin(), additions_.end(),
                   [=](const Addition& each) { return each.call == called; });
  if (earlier == additions_.end() && later == additions_.end()) {
    return "a read shows less than one that had returned before it was called";
  }
  if (earlier == additions_.end()) {
    return absl::StrCat("a read that shows ", Text(later->element),
                        " had returned before that was added");
  }
  const std::string element = Text(earlier->element);
  if (later == additions_.end()) {
    return absl::StrCat(element,
                        " had been added before a read was called that does "
                        "not show it");
  }
  return absl::StrCat(element, " had been added before the addition of ",
                      Text(later->element),
                      " was called, but what the reads show puts it behind "
                      "that");
}

std::string Growth::Describe(const Contradiction& contradiction) const {
  const auto shown = [&](uint32_t read) {
    return history::ToShortText(input_.values, reads_[read].shown, kTextLength);
  };
  switch (contradiction.rule) {
    case kTwice:
      return absl::StrCat("a read shows ", Text(contradiction.second),
                          " twice");
    case kDisagree:
      return absl::StrCat("the reads ", shown(contradiction.first), " and ",
                          shown(contradiction.second),
                          is_list_ ? " are not beginnings of one list"
                                   : " do not show one growing set");
    case kNobodyAdded:
      return absl::StrCat("a read shows ", Text(contradiction.second),
                          ", but nothing that had been called by then adds it");
    default:
      return DescribeOrder(contradiction.first, contradiction.second);
  }
}

}  // namespace

Decision DecideByGrowth(const DeciderInput& input, Budget& budget) {
  const size_t calls = input.calls.size();
  const Allowance allowance(
      budget, calls * kBytesAnOperation +
                  LocalIds::MemoryBytes(calls, input.values.size()));
  if (!allowance.is_granted()) return OutOfBudget(budget);
  Growth growth(input, budget);
  return DecideWhole(growth, input, budget);
}

}  // namespace minos::checker

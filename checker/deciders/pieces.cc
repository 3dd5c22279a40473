// Linearizability of keys whose values tell which puts and appends made them.
//
// The idea. A string that was put together from texts that were each written
// once tells its own story: "3,7,12," is what was put as "3,", to which "7,"
// and then "12," were appended. So an append that a get shows is known to have
// found the string before it and to have left the one behind it, as a
// compare-and-set does; and an append that no get shows leaves a string that
// nobody ever sees, as a write of a value of its own. What remains is a
// register with unambiguous values, and zones.cc decides it.
//
// Precondition. Where there are appends, there is no cas, everything that is
// put is a string or nil, and no text is empty. Each string that an ok get
// returned can be put together in at most one way: a text that was put (or was
// there at the start; or nothing, where the key may be missing), then texts
// that were appended, each of which only one operation appends. Where there are
// no appends, a value is its own story. The register that results must be one
// that the zones decide.
//
// Why it is right. Call an append *shown* if it has a part in a string that an
// ok get returned.
//  - Take a linearization of the key. The string that a get returned was made
//    by a put and appends after it, and there is only one way: so each shown
//    append is one of them, and takes the string from what stands before it in
//    the story to what stands behind. After an append that is not shown, the
//    next operation of another kind is not an ok get; for that string would
//    contain it. So it is a put, a delete, or none. The order is one of the
//    register too: an append that is not shown writes what nobody reads.
//  - Take a linearization of the register, and replay it on the key. By
//    induction both have the same value, but for the time from an append that
//    is not shown to the next write; until then there is no read, nor a shown
//    append, since the register has there what neither needs.
//  - No append has a part in two stories, behind different strings: where it
//    would have to, there is no linearization.
//  - An info append that is not shown can be left out.
//
// Prefixes. In a prefix fewer gets have returned, so fewer appends are shown:
// each prefix is reduced on its own. The gets of a prefix can be put together
// in no more ways than those of the whole, so the precondition holds there too.
// When a contradiction is certain is not told by the register, which knows too
// much; FindEarliest looks for it, from the return that the zones name.
//
// Cost. O(n log n + the size of the strings read, times the number of different
// lengths of texts) time, for each prefix looked at; about 120 bytes an
// operation besides those of the zones.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "checker/deciders/deciders.h"
#include "checker/deciders/function_index.h"
#include "checker/deciders/smallest_prefix.h"
#include "history/value_table.h"

namespace minos::checker {
namespace {

using history::kNever;
using history::kNil;
using history::kNoValue;
using history::OpIndex;
using history::ValueId;
using history::ValueKind;

constexpr size_t kBytesAnOperation = 120;
constexpr uint32_t kNone = 0xFFFFFFFFu;
// How many characters of strings are looked at, at most.
constexpr size_t kMostCharacters = size_t{1} << 30;

enum Rule : int {
  kNoOrder,     // the register has no linearization
  kTwoStories,  // append number `first` has a part in two stories
};

// What the key may hold: what was put, or another content with a text behind.
struct Content {
  uint32_t before = kNone;  // kNone: it was put
  ValueId piece = kNil;
  friend bool operator==(const Content&, const Content&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const Content& content) {
    return H::combine(std::move(hash), content.before,
                      history::ToInt(content.piece));
  }
};

// A beginning of a string: in how many ways it can be put together (2 for
// more), and if there is one, what it ends with.
struct Beginning {
  uint32_t ways = 0;
  bool is_put = false;
  ValueId piece = kNil;
  size_t before = 0;  // of what was appended: the length of what it found
};

class Pieces : public PrefixJudge {
 public:
  Pieces(const DeciderInput& input, const ModelInfo& registers, Budget& budget)
      : input_(input),
        registers_(registers),
        budget_(budget),
        read_(numbers_.Keyword("read")),
        write_(numbers_.Keyword("write")),
        cas_(numbers_.Keyword("cas")) {}

  // Why the precondition does not hold; empty if it does, but for what the
  // zones say.
  std::string Prepare();
  std::optional<Contradiction> Judge(Moment last) override;
  std::string Describe(const Contradiction& contradiction) const override;
  // Why the zones did not decide a prefix that was judged; empty if they did.
  const std::string& undecided() const { return undecided_; }
  // Of the prefix judged last, which was no violation.
  std::vector<OpIndex> Linearization() { return std::move(linearization_); }

 private:
  enum Kind : uint8_t { kGet, kPut, kAppend, kCas };
  struct Operation {
    Kind kind = kPut;
    ValueId value = kNil;      // read, put, appended or replaced
    uint32_t content = kNone;  // read, put or replaced
    uint32_t next = kNone;     // of a cas: the content that it puts
  };

  std::string AddCall(const ObservedCall& call, FunctionIndex& functions);
  std::string AddCas(ValueId argument, Operation& operation);
  std::string CheckTexts();
  std::string ResolveReads();
  std::string TakeApart(ValueId text, uint32_t& content);
  std::vector<Beginning> Beginnings(std::string_view text);
  void AddAppends(std::string_view text, size_t from,
                  std::vector<Beginning>& beginnings);
  ValueId Find(std::string_view text);
  uint32_t ContentOf(const Content& content);
  uint32_t ContentPut(ValueId value);

  std::optional<uint32_t> FollowStories(Moment last);
  std::vector<ObservedCall> Reduce(Moment last);
  Call ReducedCall(size_t i, bool is_ok);
  Call Replace(uint32_t from, uint32_t to, Call call);
  Moment LastReturn(Moment last) const;

  ValueId initial() const {
    return input_.initial == kNoValue ? kNil : input_.initial;
  }
  bool IsText(ValueId value) const {
    return input_.values.kind(value) == ValueKind::kString;
  }
  bool IsEmptyText(ValueId value) const {
    return IsText(value) && input_.values.text(value).empty();
  }
  ValueId Number(size_t number) {
    return numbers_.Integer(static_cast<int64_t>(number));
  }

  const DeciderInput& input_;
  const ModelInfo& registers_;
  Budget& budget_;
  std::vector<Operation> operations_;  // by call
  bool has_cas_ = false;
  // What is put, or there at the start.
  absl::flat_hash_set<ValueId> puts_;
  // What is appended, and by which call; kNone if by several.
  absl::flat_hash_map<ValueId, uint32_t> appends_;
  std::vector<size_t> put_lengths_;
  std::vector<size_t> append_lengths_;
  size_t characters_ = 0;  // that were looked at

  std::vector<Content> contents_;
  absl::flat_hash_map<Content, uint32_t> content_ids_;
  absl::flat_hash_map<ValueId, uint32_t> content_of_text_;  // that was read

  // The values of the register: a content is its number, and what an append
  // leaves that is not shown is a number behind those.
  history::ValueTable numbers_;
  ValueId read_;
  ValueId write_;
  ValueId cas_;

  std::string undecided_;
  // Of the prefix that was judged last.
  std::vector<uint32_t> shown_;  // by call: the content that an append made
  std::vector<OpIndex> linearization_;
};

uint32_t Pieces::ContentOf(const Content& content) {
  const auto [entry, is_new] = content_ids_.try_emplace(
      content, static_cast<uint32_t>(contents_.size()));
  if (is_new) contents_.push_back(content);
  return entry->second;
}

// A missing key counts as "", and nothing else is "" (see CheckTexts).
uint32_t Pieces::ContentPut(ValueId value) {
  return ContentOf({kNone, IsEmptyText(value) ? kNil : value});
}

std::string Pieces::Prepare() {
  FunctionIndex functions(input_.values, input_.model);
  operations_.reserve(input_.calls.size());
  ContentPut(initial());
  puts_.insert(initial());
  for (const ObservedCall& call : input_.calls) {
    if (budget_.Exhausted()) return "";
    std::string problem = AddCall(call, functions);
    if (!problem.empty()) return problem;
  }
  std::string problem = CheckTexts();
  return problem.empty() ? ResolveReads() : problem;
}

std::string Pieces::AddCall(const ObservedCall& call,
                            FunctionIndex& functions) {
  const std::string_view function = functions.MainNameOf(call.content.function);
  const ValueId argument =
      call.content.argument == kNoValue ? kNil : call.content.argument;
  Operation operation;
  if (function == "get") {
    operation.kind = kGet;
    operation.value =
        call.content.result == kNoValue ? kNil : call.content.result;
  } else if (function == "put" || function == "delete") {
    operation.value = function == "put" ? argument : kNil;
    operation.content = ContentPut(operation.value);
    puts_.insert(operation.value);
  } else if (function == "append") {
    operation.kind = kAppend;
    operation.value = argument;
    const auto [entry, is_new] = appends_.try_emplace(
        argument, static_cast<uint32_t>(operations_.size()));
    if (!is_new) entry->second = kNone;
  } else if (function == "cas") {
    std::string problem = AddCas(argument, operation);
    if (!problem.empty()) return problem;
  } else {
    return "there is an operation that a key does not have";
  }
  operations_.push_back(operation);
  return "";
}

std::string Pieces::AddCas(ValueId argument, Operation& operation) {
  const history::ValueTable& values = input_.values;
  if (values.kind(argument) != ValueKind::kList ||
      values.elements(argument).size() != 2) {
    return "the argument of a cas is no pair";
  }
  has_cas_ = true;
  operation.kind = kCas;
  operation.value = values.elements(argument)[0];
  operation.content = ContentPut(operation.value);
  operation.next = ContentPut(values.elements(argument)[1]);
  puts_.insert(values.elements(argument)[1]);
  return "";
}

std::string Pieces::CheckTexts() {
  for (const ValueId value : puts_) {
    if (IsEmptyText(value)) return "an empty string is put";
    if (IsText(value)) {
      put_lengths_.push_back(input_.values.text(value).size());
    } else if (value != kNil && !appends_.empty()) {
      return "there are appends, and values that are no strings";
    }
  }
  if (has_cas_ && !appends_.empty()) return "there are appends and cas";
  for (const auto& [piece, call] : appends_) {
    if (!IsText(piece)) return "what is appended is no string";
    if (IsEmptyText(piece)) return "an empty string is appended";
    append_lengths_.push_back(input_.values.text(piece).size());
  }
  for (std::vector<size_t>* lengths : {&put_lengths_, &append_lengths_}) {
    std::sort(lengths->begin(), lengths->end());
    lengths->erase(std::unique(lengths->begin(), lengths->end()),
                   lengths->end());
  }
  return "";
}

std::string Pieces::ResolveReads() {
  for (size_t i = 0; i < operations_.size(); ++i) {
    if (budget_.Exhausted()) return "";
    Operation& get = operations_[i];
    if (get.kind != kGet || !input_.calls[i].content.is_ok) continue;
    const auto [entry, is_new] = content_of_text_.try_emplace(get.value, kNone);
    if (is_new) {
      std::string problem = TakeApart(get.value, entry->second);
      if (!problem.empty()) return problem;
    }
    get.content = entry->second;
  }
  return "";
}

// Sets `content` to what was read as `value`.
std::string Pieces::TakeApart(ValueId value, uint32_t& content) {
  content = ContentPut(value);
  if (appends_.empty() || !IsText(value) || IsEmptyText(value)) return "";
  const std::vector<Beginning> beginnings =
      Beginnings(input_.values.text(value));
  if (characters_ > kMostCharacters) return "the strings are too long";
  if (beginnings.back().ways == 0) return "";  // nobody can have made it
  if (beginnings.back().ways > 1) {
    return "a string that was read can be put together in several ways";
  }
  std::vector<ValueId> pieces;
  size_t length = beginnings.size() - 1;
  while (length > 0 && !beginnings[length].is_put) {
    pieces.push_back(beginnings[length].piece);
    length = beginnings[length].before;
  }
  content = ContentPut(length > 0 ? beginnings[length].piece : kNil);
  for (size_t i = pieces.size(); i > 0; --i) {
    content = ContentOf({content, pieces[i - 1]});
  }
  return "";
}

ValueId Pieces::Find(std::string_view text) {
  characters_ += text.size();
  return input_.values.FindString(text);
}

std::vector<Beginning> Pieces::Beginnings(std::string_view text) {
  std::vector<Beginning> beginnings(text.size() + 1);
  if (puts_.contains(kNil)) beginnings[0].ways = 1;
  for (const size_t length : put_lengths_) {
    if (length > text.size()) break;
    const ValueId piece = Find(text.substr(0, length));
    if (piece != kNoValue && puts_.contains(piece)) {
      beginnings[length] = {1, true, piece, 0};
    }
  }
  for (size_t from = 0; from < text.size(); ++from) {
    if (beginnings[from].ways > 0) AddAppends(text, from, beginnings);
    if (characters_ > kMostCharacters) break;
  }
  return beginnings;
}

// What can have been appended to the beginning of length `from`.
void Pieces::AddAppends(std::string_view text, size_t from,
                        std::vector<Beginning>& beginnings) {
  for (const size_t length : append_lengths_) {
    if (from + length > text.size()) break;
    const ValueId piece = Find(text.substr(from, length));
    const auto append =
        piece == kNoValue ? appends_.end() : appends_.find(piece);
    if (append == appends_.end()) continue;
    Beginning& longer = beginnings[from + length];
    const uint32_t ways = append->second == kNone ? 2 : beginnings[from].ways;
    longer = {std::min(longer.ways + ways, 2u), false, piece, from};
  }
}

Moment Pieces::LastReturn(Moment last) const {
  Moment latest = kStart;
  for (const ObservedCall& call : input_.calls) {
    const Moment end = MomentOf(call.end);
    if (end != kNever && end <= last) latest = std::max(latest, end);
  }
  return latest;
}

std::optional<Contradiction> Pieces::Judge(Moment last) {
  linearization_.clear();
  if (budget_.Exhausted()) return std::nullopt;
  if (const auto append = FollowStories(last)) {
    return Contradiction{LastReturn(last), kTwoStories, *append, 0};
  }
  const ValueId start = Number(ContentPut(initial()));
  Decision decision =
      DecideByZones({Reduce(last), registers_, numbers_, start}, budget_);
  if (decision.kind == Decision::Kind::kNotApplicable) {
    undecided_ = std::move(decision.reason);
  }
  linearization_ = std::move(decision.linearization);
  if (decision.kind != Decision::Kind::kViolation) return std::nullopt;
  Contradiction contradiction{LastReturn(last), kNoOrder, 0, 0};
  for (const ObservedCall& call : input_.calls) {
    if (call.operation == decision.culprit) {
      contradiction.guess = MomentOf(call.end);
    }
  }
  return contradiction;
}

// Notes what each append made that a get up to `last` shows. The number of an
// append that would have made two contents, if there is one.
std::optional<uint32_t> Pieces::FollowStories(Moment last) {
  shown_.assign(operations_.size(), kNone);
  std::vector<bool> is_followed(contents_.size(), false);
  for (size_t i = 0; i < operations_.size(); ++i) {
    const ObservedCall& call = input_.calls[i];
    const bool is_read = operations_[i].kind == kGet && call.content.is_ok &&
                         MomentOf(call.end) <= last;
    uint32_t content = is_read ? operations_[i].content : kNone;
    while (content != kNone && !is_followed[content]) {
      is_followed[content] = true;
      const Content& made = contents_[content];
      if (made.before != kNone) {
        const uint32_t append = appends_.at(made.piece);
        if (shown_[append] != kNone) return append;
        shown_[append] = content;
      }
      content = made.before;
    }
  }
  return std::nullopt;
}

// What had happened to the register at `last`.
std::vector<ObservedCall> Pieces::Reduce(Moment last) {
  std::vector<ObservedCall> reduced;
  reduced.reserve(operations_.size());
  for (size_t i = 0; i < operations_.size(); ++i) {
    const ObservedCall& call = input_.calls[i];
    if (MomentOf(call.call) > last) break;
    const bool is_ok = call.content.is_ok && MomentOf(call.end) <= last;
    const Kind kind = operations_[i].kind;
    const bool says_nothing =
        kind == kGet || (kind == kAppend && shown_[i] == kNone);
    if (!is_ok && says_nothing) continue;
    reduced.push_back({call.operation, call.call, is_ok ? call.end : kNever,
                       ReducedCall(i, is_ok)});
  }
  return reduced;
}

Call Pieces::ReducedCall(size_t i, bool is_ok) {
  const Operation& operation = operations_[i];
  Call call;
  call.is_ok = is_ok;
  switch (operation.kind) {
    case kGet:
      call.function = read_;
      call.result = Number(operation.content);
      return call;
    case kPut:
      call.function = write_;
      call.argument = Number(operation.content);
      return call;
    case kCas:
      call.result = is_ok ? input_.calls[i].content.result : kNoValue;
      return Replace(operation.content, operation.next, call);
    case kAppend:
      break;
  }
  const uint32_t made = shown_[i];
  if (made != kNone) return Replace(contents_[made].before, made, call);
  call.function = write_;
  call.argument = Number(contents_.size() + i);
  return call;
}

Call Pieces::Replace(uint32_t from, uint32_t to, Call call) {
  const ValueId pair[] = {Number(from), Number(to)};
  call.function = cas_;
  call.argument = numbers_.List(pair);
  return call;
}

std::string Pieces::Describe(const Contradiction& contradiction) const {
  return contradiction.rule == kTwoStories
             ? "two strings were read to which the same text was appended"
             : "the puts and appends that the strings tell of have no order in "
               "which each get finds what it returned";
}

}  // namespace

Decision DecideByPieces(const DeciderInput& input, Budget& budget) {
  const Allowance allowance(budget, input.calls.size() * kBytesAnOperation);
  if (!allowance.is_granted()) return OutOfBudget(budget);
  const auto registers = FindModel("cas-register");
  if (!registers.ok()) return NotApplicable("there are no registers");
  Pieces pieces(input, **registers, budget);
  std::string problem = pieces.Prepare();
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (!problem.empty()) return NotApplicable(std::move(problem));
  const auto contradiction = pieces.Judge(kNever);
  if (budget.Exhausted()) return OutOfBudget(budget);
  if (!pieces.undecided().empty()) return NotApplicable(pieces.undecided());
  Decision decision;
  if (contradiction) {
    decision = MakeViolation(pieces, *contradiction, input.calls, budget);
    if (pieces.undecided().empty()) return decision;
    // That of two stories was found before the zones were asked.
    const bool is_stuck = contradiction->rule != kTwoStories;
    return NotApplicable(is_stuck ? std::string(kStuck) : pieces.undecided());
  }
  decision.kind = Decision::Kind::kValid;
  decision.linearization = pieces.Linearization();
  return decision;
}

}  // namespace minos::checker

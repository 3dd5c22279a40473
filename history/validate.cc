// Every client operation is reduced to what it wrote and what it read, each a
// pair of a key and a value. All writes are noted first, since a read may have
// been recorded before the write whose value it saw; then each value that was
// read is looked up.

#include "history/validate.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

constexpr size_t kNameLength = 40;

// What the functions of a history are about.
enum class Family : uint8_t { kNone, kRegister, kSet, kQueue, kTransaction };

// What an operation does with the value of its argument or result.
enum class Role : uint8_t {
  kRead,
  kReadAll,  // the result is a collection of what was written
  kWrite,
  kCas,  // [old new]
  kTransaction,
  kNeither,
};

struct Function {
  std::string_view name;
  Family family;
  Role role;
};

constexpr Function kFunctions[] = {
    {"read", Family::kRegister, Role::kRead},
    {"get", Family::kRegister, Role::kRead},
    {"write", Family::kRegister, Role::kWrite},
    {"put", Family::kRegister, Role::kWrite},
    {"cas", Family::kRegister, Role::kCas},
    {"delete", Family::kRegister, Role::kNeither},
    {"read", Family::kSet, Role::kReadAll},
    {"add", Family::kSet, Role::kWrite},
    {"remove", Family::kSet, Role::kNeither},
    {"contains", Family::kSet, Role::kNeither},
    {"enqueue", Family::kQueue, Role::kWrite},
    {"dequeue", Family::kQueue, Role::kRead},
    {"drain", Family::kQueue, Role::kReadAll},
    {"txn", Family::kTransaction, Role::kTransaction},
};

class SuspicionFinder {
 public:
  SuspicionFinder(const History& history, const std::atomic<bool>* interrupted)
      : history_(history),
        values_(history.values()),
        interrupted_(interrupted) {}

  std::vector<Problem> Find() {
    for (const Family family : {Family::kRegister, Family::kSet, Family::kQueue,
                                Family::kTransaction}) {
      if (!IsOf(family)) continue;
      has_pairs_ = HasPairs();
      if (family == Family::kRegister && !ReadsAskForNothing()) break;
      if (family == Family::kSet && !ReadsAreCollections()) break;
      Look();
      break;
    }
    // What was looked at in part says nothing.
    if (IsOver()) return {};
    return std::move(problems_);
  }

 private:
  bool IsOver() const {
    return interrupted_ != nullptr &&
           interrupted_->load(std::memory_order_relaxed);
  }

  struct Written {
    bool may_have_happened = false;
    OpIndex failed = 0;  // if not may_have_happened
  };
  using Visit = std::function<void(ValueId key, ValueId value)>;

  // Whether all client operations are of `family`; notes their roles.
  bool IsOf(Family family) {
    roles_.clear();
    for (const Function& function : kFunctions) {
      const ValueId id = values_.FindString(function.name);
      if (function.family == family && id != kNoValue) {
        roles_[ToInt(id)] = function.role;
      }
    }
    bool any = false;
    for (OpIndex op = 0; op < history_.size(); ++op) {
      if (!history_.is_client(op)) continue;
      if (!roles_.contains(ToInt(history_.function(op)))) return false;
      any = true;
    }
    return any;
  }

  Role RoleOf(OpIndex op) const {
    return roles_.at(ToInt(history_.function(op)));
  }

  bool IsPair(ValueId value) const {
    return values_.kind(value) == ValueKind::kList &&
           values_.elements(value).size() == 2;
  }

  // Whether the values are [key value] pairs: all are pairs, and some read has
  // the argument [key nil], which a read without a key has not.
  bool HasPairs() const {
    if (history_.has_keys()) return false;
    bool some_read = false;
    for (OpIndex op = 0; op < history_.size(); ++op) {
      if (!history_.is_client(op)) continue;
      const ValueId argument = history_.argument(op);
      if (!IsPair(argument)) return false;
      const Role role = RoleOf(op);
      if (role == Role::kRead || role == Role::kReadAll) {
        if (values_.elements(argument)[1] != kNil) return false;
        some_read = true;
      }
    }
    return some_read;
  }

  ValueId KeyOf(OpIndex op) const {
    return has_pairs_ ? values_.elements(history_.argument(op))[0]
                      : history_.key(op);
  }
  // `value` without its key; kNoValue if it should have one and has not.
  ValueId Plain(ValueId value) const {
    if (!has_pairs_ || value == kNoValue) return value;
    return IsPair(value) ? values_.elements(value)[1] : kNoValue;
  }

  // A read with an argument is of a model that is not looked at.
  bool ReadsAskForNothing() const {
    for (OpIndex op = 0; op < history_.size(); ++op) {
      if (history_.is_client(op) && RoleOf(op) == Role::kRead &&
          Plain(history_.argument(op)) != kNil) {
        return false;
      }
    }
    return true;
  }

  // Counters have adds and reads, too, but their reads are numbers.
  bool ReadsAreCollections() const {
    for (OpIndex op = 0; op < history_.size(); ++op) {
      if (!history_.is_client(op) || RoleOf(op) != Role::kReadAll) continue;
      if (history_.outcome(op) != Outcome::kOk) continue;
      const ValueId result = Plain(history_.result(op));
      if (result != kNoValue && result != kNil && !IsCollection(result)) {
        return false;
      }
    }
    return true;
  }

  bool IsCollection(ValueId value) const {
    return values_.kind(value) == ValueKind::kList ||
           values_.kind(value) == ValueKind::kSet;
  }

  // Calls `visit` for each value that `op` writes if it takes effect.
  void VisitWrites(OpIndex op, const Visit& visit) const {
    const ValueId argument = Plain(history_.argument(op));
    switch (RoleOf(op)) {
      case Role::kWrite:
        visit(KeyOf(op), argument);
        break;
      case Role::kCas:
        if (argument != kNoValue && IsPair(argument)) {
          visit(KeyOf(op), values_.elements(argument)[1]);
        }
        break;
      case Role::kTransaction:
        VisitMicroOperations(argument, {"w", "write", "append"}, visit);
        break;
      default:
        break;
    }
  }

  // Calls `visit` for each value that `op`, which is ok, has read.
  void VisitReads(OpIndex op, const Visit& visit) const {
    const ValueId result = Plain(history_.result(op));
    if (result == kNoValue) return;
    switch (RoleOf(op)) {
      case Role::kRead:
        visit(KeyOf(op), result);
        break;
      case Role::kReadAll:
        VisitElements(KeyOf(op), result, visit);
        break;
      case Role::kCas: {
        const ValueId argument = Plain(history_.argument(op));
        if (argument != kNoValue && IsPair(argument)) {
          visit(KeyOf(op), values_.elements(argument)[0]);
        }
        break;
      }
      case Role::kTransaction:
        VisitMicroOperations(result, {"r", "read"},
                             [&](ValueId key, ValueId value) {
                               if (appended_keys_.contains(ToInt(key))) {
                                 VisitElements(key, value, visit);
                               } else {
                                 visit(key, value);
                               }
                             });
        break;
      default:
        break;
    }
  }

  void VisitElements(ValueId key, ValueId collection,
                     const Visit& visit) const {
    if (!IsCollection(collection)) return;
    for (const ValueId element : values_.elements(collection)) {
      visit(key, element);
    }
  }

  // Of a list of [name key value].
  void VisitMicroOperations(ValueId list,
                            std::initializer_list<std::string_view> names,
                            const Visit& visit) const {
    if (list == kNoValue || values_.kind(list) != ValueKind::kList) return;
    for (const ValueId element : values_.elements(list)) {
      if (values_.kind(element) != ValueKind::kList) continue;
      const std::span<const ValueId> parts = values_.elements(element);
      if (parts.size() != 3 || values_.kind(parts[0]) != ValueKind::kString) {
        continue;
      }
      if (std::find(names.begin(), names.end(), values_.text(parts[0])) !=
          names.end()) {
        visit(parts[1], parts[2]);
      }
    }
  }

  void Look() {
    for (OpIndex op = 0; op < history_.size(); ++op) {
      if (IsOver()) return;
      if (history_.is_client(op)) NoteWrites(op);
    }
    for (const bool only_initial : {true, false}) {
      for (OpIndex op = 0; op < history_.size(); ++op) {
        if (IsOver()) return;
        if (!history_.is_client(op)) continue;
        if (history_.outcome(op) != Outcome::kOk) continue;
        VisitReads(op, [&](ValueId key, ValueId value) {
          if (only_initial) {
            NoteInitial(op, key, value);
          } else {
            Judge(op, key, value);
          }
        });
      }
    }
  }

  static uint64_t Pack(ValueId key, ValueId value) {
    return uint64_t{ToInt(key)} << 32 | ToInt(value);
  }

  void NoteWrites(OpIndex op) {
    const bool failed = history_.outcome(op) == Outcome::kFail;
    if (RoleOf(op) == Role::kTransaction) {
      VisitMicroOperations(
          history_.argument(op), {"append"},
          [&](ValueId key, ValueId) { appended_keys_.insert(ToInt(key)); });
    }
    VisitWrites(op, [&](ValueId key, ValueId value) {
      const auto [it, is_first] =
          written_.try_emplace(Pack(key, value), Written{!failed, op});
      if (!is_first && !failed) it->second.may_have_happened = true;
      if (history_.outcome(op) != Outcome::kOk) return;
      Position& end =
          first_write_.try_emplace(ToInt(key), kNever).first->second;
      end = std::min(end, history_.completion(op));
    });
  }

  // A key may begin with any value; what was read before a write had returned
  // may be that. Keys usually begin alike, so it is believed of all of them.
  void NoteInitial(OpIndex op, ValueId key, ValueId value) {
    if (written_.contains(Pack(key, value))) return;
    const auto end = first_write_.find(ToInt(key));
    if (end == first_write_.end() || history_.call(op) < end->second) {
      initial_.insert(ToInt(value));
    }
  }

  void Judge(OpIndex op, ValueId key, ValueId value) {
    if (value == kNil) return;
    const auto write = written_.find(Pack(key, value));
    const bool failed = write != written_.end();
    if (failed && write->second.may_have_happened) return;
    if (!failed && initial_.contains(ToInt(value))) return;
    if (!reported_.insert(Pack(key, value)).second) return;
    std::string read = absl::StrCat("process ", Name(history_.process(op)),
                                    " reads ", Name(value));
    if (key != kNoValue) absl::StrAppend(&read, " of key ", Name(key));
    if (failed) {
      Complain(op, "aborted-read",
               absl::StrCat(read, ", which only the failed ",
                            Name(history_.function(write->second.failed)),
                            " of line ",
                            history_.call_line(write->second.failed), " wrote"),
               "either the store shows what it has aborted, or a time-out was "
               "recorded as `fail`: what may have happened is `info`");
    } else {
      Complain(op, "unwritten-read",
               absl::StrCat(read, ", which no operation wrote"),
               "either the store made it up, or the write is missing from the "
               "recording");
    }
  }

  std::string Name(ValueId value) const {
    return ToShortText(values_, value, kNameLength);
  }

  void Complain(OpIndex op, std::string code, std::string message,
                std::string hint) {
    problems_.push_back({Severity::kWarning, std::move(code),
                         history_.completion_origin(op), std::move(message),
                         std::move(hint)});
  }

  const History& history_;
  const ValueTable& values_;
  const std::atomic<bool>* interrupted_;
  bool has_pairs_ = false;
  absl::flat_hash_map<uint32_t, Role> roles_;  // by function
  absl::flat_hash_map<uint64_t, Written> written_;
  absl::flat_hash_map<uint32_t, Position> first_write_;  // returned, by key
  absl::flat_hash_set<uint32_t> appended_keys_;
  absl::flat_hash_set<uint32_t> initial_;
  absl::flat_hash_set<uint64_t> reported_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> FindSuspiciousReads(const History& history,
                                         const std::atomic<bool>* interrupted) {
  std::vector<Problem> problems = SuspicionFinder(history, interrupted).Find();
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) {
                     return a.position < b.position;
                   });
  return problems;
}

std::vector<Problem> Validate(const Recording& recording) {
  std::vector<Problem> problems = recording.problems;
  if (recording.has_errors) return problems;
  std::vector<Problem> suspicions = FindSuspiciousReads(recording.history);
  problems.insert(problems.end(), suspicions.begin(), suspicions.end());
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) {
                     return a.position < b.position;
                   });
  return problems;
}

}  // namespace minos::history

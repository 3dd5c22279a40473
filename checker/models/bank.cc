// Accounts between which money is moved.
//
//   transfer {from a, to b, amount n}
//              a had at least n; it has n less, and b has n more. A result of
//              `false` says that a had less, and that nothing changed
//   read       → a map from accounts to balances: of all of them or of some
//
// No transfer overdraws an account: that is what the bank promises. The sum of
// all balances never changes.
//
// A state is a MapTable map from each account to the number of what it has more
// (or less) than in the beginning, in the table of the sums met; nothing moved
// is no entry.
//
// An info transfer can be dropped if it moves nothing, or if nobody looks at
// either account (by a read or a refused transfer) and no transfer takes from
// the one that it pays: without it the payer has more, so all that took from it
// still can.

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/models/interner.h"
#include "checker/models/map_table.h"
#include "checker/models/model_base.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

using history::kFalse;
using history::kNil;
using history::kNoValue;
using history::ValueId;
using history::ValueKind;

enum Function : uint8_t { kRead, kTransfer };

constexpr int64_t kUsualBalance = 10;

constexpr FunctionInfo kFunctions[] = {
    {"read, r, get", "ignored", "a map from accounts to balances",
     "reads accounts at one moment", Takes::kNothing},
    {"transfer", "a map {from account, to account, amount integer}",
     "ignored, but for `false`: the balance was too small",
     "moves an amount that the account has; `fail` says that it did not",
     Takes::kValue},
};

// An amount of money, or a difference.
struct Sum {
  int64_t value = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
  uint64_t Hash() const { return MixHash(static_cast<uint64_t>(value)); }
};

// What accounts hold at the start: each one of `balances` what that says, all
// others `usual`.
struct Balances {
  std::vector<std::pair<ValueId, int64_t>> own;
  int64_t usual = kUsualBalance;
};

class BankModel : public ModelBase {
 public:
  BankModel(const history::ValueTable& values, const Balances& initial)
      : ModelBase(values, "bank", kFunctions), usual_(initial.usual) {
    sums_.Intern({});
    for (const auto& [account, balance] : initial.own) {
      initial_[account] = balance;
      accounts_.insert(account);
    }
  }

  bool IsReadOnly(ActionId id) const override { return !MovesMoney(id); }

  bool IsUnobservable(ActionId id) const override {
    if (!MovesMoney(id)) return true;
    const Transfer& transfer = transfers_[id];
    return !observed_.contains(transfer.from) &&
           !observed_.contains(transfer.to) && !payers_.contains(transfer.to);
  }

  // A read of every account, with a sum that is not that of the bank.
  bool IsImpossible(ActionId id) const override {
    if (action(id).function != kRead || action(id).result == kNoValue) {
      return false;
    }
    const std::span<const Balance> reads = ReadsOf(id);
    if (reads.size() < accounts_.size()) return false;
    uint64_t moved = 0;
    for (const Balance& each : reads) {
      moved += static_cast<uint64_t>(each.moved);
    }
    return moved != 0;
  }

  StateId InitialState() override { return kEmptyMap; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const StateId next =
        cache_.GetOr(state, id, [&] { return Apply(state, id); });
    if (next != StepCache::kRefused) successors.push_back(next);
  }

  std::string DescribeState(StateId state) const override {
    std::vector<ValueId> accounts(accounts_.begin(), accounts_.end());
    std::sort(accounts.begin(), accounts.end());
    std::string text;
    for (const ValueId account : accounts) {
      absl::StrAppend(&text, text.empty() ? "the balances are {" : ", ",
                      Text(account), " ", BalanceOf(state, account));
    }
    return text.empty() ? "there are no accounts" : text + "}";
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    if (action(id).function == kRead) return DescribeRefusedRead(state, id);
    const Transfer& transfer = transfers_[id];
    const int64_t balance = BalanceOf(state, transfer.from);
    return absl::StrCat(transfer.is_refused
                            ? "it said that the balance was too small, but "
                            : "it moved the money, but ",
                        Text(transfer.from), " had ", balance);
  }

 protected:
  absl::Status Normalize(Action& a) override {
    if (a.function == kRead) {
      a.argument = kNil;
      if (a.result == kNoValue || IsMapToIntegers(a.result)) {
        return absl::OkStatus();
      }
      return BadResult(a, "a map {account balance}");
    }
    const Transfer transfer = TransferOf(a);
    if (transfer.amount < 0) {
      return BadArgument(
          a, "a map {from account, to account, amount integer}, not below 0");
    }
    if (a.result != kFalse) a.result = kNoValue;
    return absl::OkStatus();
  }

  void OnNewAction(ActionId, const Action& a) override {
    transfers_.emplace_back();
    if (a.function == kTransfer) {
      OnNewTransfer(TransferOf(a));
    } else if (a.result != kNoValue) {
      OnNewRead(values().elements(a.result));
    }
    ends_.push_back(static_cast<uint32_t>(reads_.size()));
  }

  size_t StateBytes() const override {
    return maps_.MemoryBytes() + sums_.MemoryBytes() + cache_.MemoryBytes() +
           transfers_.capacity() * sizeof(Transfer) +
           reads_.capacity() * sizeof(Balance) +
           ends_.capacity() * sizeof(uint32_t) +
           (accounts_.capacity() + observed_.capacity() + payers_.capacity()) *
               (sizeof(ValueId) + 1) +
           initial_.capacity() * (2 * sizeof(int64_t) + 1);
  }

 private:
  struct Transfer {
    ValueId from = kNil;
    ValueId to = kNil;
    int64_t amount = -1;  // below 0: it is none
    bool is_refused = false;
  };
  // What a read found in an account, as the difference to the beginning.
  struct Balance {
    ValueId account;
    int64_t moved;
  };

  bool MovesMoney(ActionId id) const {
    const Transfer& transfer = transfers_[id];
    return transfer.amount > 0 && !transfer.is_refused &&
           transfer.from != transfer.to;
  }

  std::span<const Balance> ReadsOf(ActionId id) const {
    const size_t begin = id == 0 ? 0 : ends_[id - 1];
    return std::span(reads_).subspan(begin, ends_[id] - begin);
  }

  bool IsMapToIntegers(ValueId map) const {
    if (values().kind(map) != ValueKind::kMap) return false;
    const std::span<const ValueId> entries = values().elements(map);
    for (size_t i = 1; i < entries.size(); i += 2) {
      if (!IsInteger(entries[i])) return false;
    }
    return true;
  }

  // What `a` asks for; an amount below 0 if it asks for nothing that is a
  // transfer.
  Transfer TransferOf(const Action& a) const {
    Transfer transfer;
    if (values().kind(a.argument) != ValueKind::kMap) return transfer;
    const std::span<const ValueId> entries = values().elements(a.argument);
    int known = 0;
    for (size_t i = 0; i + 1 < entries.size(); i += 2) {
      if (!IsString(entries[i])) continue;
      const std::string_view name = values().text(entries[i]);
      if (name == "from") {
        transfer.from = entries[i + 1];
      } else if (name == "to") {
        transfer.to = entries[i + 1];
      } else if (name == "amount" && IsInteger(entries[i + 1])) {
        transfer.amount = values().integer(entries[i + 1]);
      } else {
        continue;
      }
      ++known;
    }
    if (known < 3) transfer.amount = -1;
    transfer.is_refused = a.result == kFalse;
    return transfer;
  }

  void OnNewTransfer(const Transfer& transfer) {
    transfers_.back() = transfer;
    accounts_.insert(transfer.from);
    accounts_.insert(transfer.to);
    (transfer.is_refused ? observed_ : payers_).insert(transfer.from);
  }

  void OnNewRead(std::span<const ValueId> entries) {
    for (size_t i = 0; i < entries.size(); i += 2) {
      accounts_.insert(entries[i]);
      observed_.insert(entries[i]);
      reads_.push_back({entries[i], Difference(values().integer(entries[i + 1]),
                                               InitialBalance(entries[i]))});
    }
  }

  // Balances wrap around as 64-bit integers.
  static int64_t Difference(int64_t a, int64_t b) {
    return static_cast<int64_t>(static_cast<uint64_t>(a) -
                                static_cast<uint64_t>(b));
  }
  static int64_t Total(int64_t a, int64_t b) {
    return static_cast<int64_t>(static_cast<uint64_t>(a) +
                                static_cast<uint64_t>(b));
  }

  int64_t InitialBalance(ValueId account) const {
    const auto own = initial_.find(account);
    return own == initial_.end() ? usual_ : own->second;
  }
  int64_t MovedTo(StateId state, ValueId account) const {
    return sums_[maps_.Get(state, account)].value;
  }
  int64_t BalanceOf(StateId state, ValueId account) const {
    return Total(InitialBalance(account), MovedTo(state, account));
  }

  StateId Apply(StateId state, ActionId id) {
    if (action(id).function == kRead) {
      for (const Balance& read : ReadsOf(id)) {
        if (MovedTo(state, read.account) != read.moved) {
          return StepCache::kRefused;
        }
      }
      return state;
    }
    const Transfer& transfer = transfers_[id];
    const bool is_covered = BalanceOf(state, transfer.from) >= transfer.amount;
    if (is_covered == transfer.is_refused) return StepCache::kRefused;
    if (!MovesMoney(id)) return state;
    return Move(Move(state, transfer.from, -transfer.amount), transfer.to,
                transfer.amount);
  }

  StateId Move(StateId state, ValueId account, int64_t amount) {
    const int64_t moved = Total(MovedTo(state, account), amount);
    return maps_.Put(state, account, sums_.Intern({moved}));
  }

  std::string DescribeRefusedRead(StateId state, ActionId id) const {
    if (IsImpossible(id)) {
      return "it read balances whose sum is not that of the bank";
    }
    for (const Balance& read : ReadsOf(id)) {
      if (MovedTo(state, read.account) == read.moved) continue;
      return absl::StrCat("it read ",
                          Total(InitialBalance(read.account), read.moved),
                          " in account ", Text(read.account),
                          ", but there was ", BalanceOf(state, read.account));
    }
    return "it does not fit";
  }

  int64_t usual_;
  absl::flat_hash_map<ValueId, int64_t> initial_;
  MapTable maps_;
  Interner<Sum> sums_;  // the first is 0, which is "no entry"
  StepCache cache_;
  std::vector<Transfer> transfers_;  // by action
  // What the actions read, one after the other, and where each ends.
  std::vector<Balance> reads_;
  std::vector<uint32_t> ends_;
  absl::flat_hash_set<ValueId> accounts_;
  absl::flat_hash_set<ValueId> observed_;
  absl::flat_hash_set<ValueId> payers_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  Balances balances;
  if (initial == kNoValue || initial == kNil) {
    return std::make_unique<BankModel>(values, balances);
  }
  const absl::Status refusal = absl::InvalidArgumentError(
      "the initial value of a bank is a map from accounts to balances, or one "
      "balance for all");
  if (values.kind(initial) == ValueKind::kInteger) {
    balances.usual = values.integer(initial);
    return std::make_unique<BankModel>(values, balances);
  }
  if (values.kind(initial) != ValueKind::kMap) return refusal;
  const std::span<const ValueId> entries = values.elements(initial);
  balances.usual = 0;
  for (size_t i = 0; i + 1 < entries.size(); i += 2) {
    if (values.kind(entries[i + 1]) != ValueKind::kInteger) return refusal;
    balances.own.emplace_back(entries[i], values.integer(entries[i + 1]));
  }
  return std::make_unique<BankModel>(values, balances);
}

}  // namespace

ModelInfo BankInfo() {
  return {.name = "bank",
          .summary = "accounts between which money is moved",
          .functions = kFunctions,
          .initial =
              "a map from accounts to balances (0 in any other), or one "
              "balance for all accounts; 10 by default",
          .keys = KeyUse::kRefuses,
          .make = &Make};
}

}  // namespace minos::checker

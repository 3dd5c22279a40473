// Accounts between which money is moved.
//
//   transfer {from a, to b, amount n}
//              a had at least n; it has n less, and b has n more. A result of
//              `false` says that a had less, and that nothing changed
//   read       → a map from accounts to balances: of all of them or of some
//
// An account that is a number is also the string of that number: a JSON object
// has no other keys.
//
// No transfer overdraws an account: that is what the bank promises. The sum of
// all balances never changes.
//
// A state is a MapTable map from each account to the number of what is known of
// it, in the table of all that was met; nothing moved is no entry.
//
// Where nobody says what the accounts hold at the start, each may hold anything
// from 0. An account that no read has shown yet is then kept as what was moved
// since, with the bounds that the transfers set to its start: at least so much
// that none overdraws it, and less than so much that those refused were
// refused. The first read that shows it fixes its start. So each run of the
// bank stands for all the starts that explain it.
//
// An info transfer can be dropped if it moves nothing, or if nobody looks at
// either account (by a read or a refused transfer) and no transfer takes from
// the one that it pays: without it the payer has more, so all that took from it
// still can.

#include <algorithm>
#include <memory>
#include <optional>
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
using history::ToInt;
using history::ValueId;
using history::ValueKind;

enum Function : uint8_t { kRead, kTransfer };

constexpr FunctionInfo kFunctions[] = {
    {"read, r, get", "ignored", "a map from accounts to balances",
     "reads accounts at one moment", Takes::kNothing},
    {"transfer", "a map {from account, to account, amount integer}",
     "ignored, but for `false`: the balance was too small",
     "moves an amount that the account has; `fail` says that it did not",
     Takes::kValue},
};

// What is known of an account.
struct Account {
  // Since the beginning; where a read told the balance, the balance itself.
  int64_t moved = 0;
  bool is_found = false;  // a read told the balance
  // Until then: the account began with `least` or more, and less than `below`.
  int64_t least = 0;
  int64_t below = INT64_MAX;
  friend bool operator==(const Account&, const Account&) = default;
  uint64_t Hash() const {
    const uint64_t bounds =
        CombineHash(static_cast<uint64_t>(least), static_cast<uint64_t>(below));
    return CombineHash(CombineHash(static_cast<uint64_t>(moved), bounds),
                       static_cast<uint64_t>(is_found));
  }
};

// What accounts hold at the start: each one of `own` what that says, all others
// `usual`; nobody knows where `are_known` is false.
struct Balances {
  std::vector<std::pair<ValueId, int64_t>> own;
  int64_t usual = 0;
  bool are_known = false;
};

class BankModel : public ModelBase {
 public:
  BankModel(const history::ValueTable& values, const Balances& initial)
      : ModelBase(values, "bank", kFunctions),
        usual_(initial.usual),
        starts_known_(initial.are_known) {
    known_.Intern({});
    for (const auto& [account, balance] : initial.own) {
      const ValueId id = IdOf(account);
      initial_[id] = balance;
      accounts_.insert(id);
    }
  }

  bool IsReadOnly(ActionId id) const override {
    if (starts_known_) return !MovesMoney(id);
    return action(id).function == kRead && ReadsOf(id).empty();
  }

  bool IsUnobservable(ActionId id) const override {
    if (!MovesMoney(id)) return true;
    const Transfer& transfer = transfers_[id];
    return !observed_.contains(transfer.from) &&
           !observed_.contains(transfer.to) && !payers_.contains(transfer.to);
  }

  // A read of every account, with a sum that is not that of the bank; a read of
  // less than nothing, where no account began so.
  bool IsImpossible(ActionId id) const override {
    if (action(id).function != kRead || action(id).result == kNoValue) {
      return false;
    }
    const std::span<const Balance> reads = ReadsOf(id);
    if (!starts_known_) {
      return std::any_of(reads.begin(), reads.end(),
                         [](const Balance& read) { return read.moved < 0; });
    }
    if (reads.size() < accounts_.size()) return false;
    uint64_t moved = 0;
    for (const Balance& each : reads) {
      moved += static_cast<uint64_t>(each.moved);
    }
    return moved != 0;
  }

  // Each account is a place, with what was moved since the beginning or, where
  // a read has told it, the balance.
  bool FindFootprint(ActionId id, Footprint& footprint) const override {
    for (const Balance& read : ReadsOf(id)) {
      footprint.sees.push_back(
          {ToInt(read.account), static_cast<uint64_t>(read.moved)});
    }
    if (!MovesMoney(id)) return true;
    const Transfer& transfer = transfers_[id];
    const auto amount = static_cast<uint64_t>(transfer.amount);
    footprint.adds.push_back({ToInt(transfer.from), uint64_t{0} - amount});
    footprint.adds.push_back({ToInt(transfer.to), amount});
    return true;
  }
  std::optional<uint64_t> Lookup(StateId state, uint32_t place) const override {
    const Account known = AccountOf(state, ValueId{place});
    if (!IsFound(known)) return std::nullopt;
    return static_cast<uint64_t>(known.moved);
  }

  StateId InitialState() const override { return kEmptyMap; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    cache_.Follow(state, id, successors, [&] { return Apply(state, id); });
  }

  std::string DescribeState(StateId state) const override {
    std::vector<ValueId> accounts(accounts_.begin(), accounts_.end());
    std::sort(accounts.begin(), accounts.end());
    std::string text;
    for (const ValueId account : accounts) {
      absl::StrAppend(&text, text.empty() ? "the balances are {" : ", ",
                      Text(account), " ", BalanceText(state, account));
    }
    return text.empty() ? "there are no accounts" : text + "}";
  }

  std::string DescribeRefusal(StateId state, ActionId id) const override {
    if (action(id).function == kRead) return DescribeRefusedRead(state, id);
    const Transfer& transfer = transfers_[id];
    return absl::StrCat(
        transfer.is_refused ? "it said that the balance was too small, but "
                            : "it moved the money, but ",
        Text(transfer.from), " had ", BalanceText(state, transfer.from));
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
    return maps_.MemoryBytes() + known_.MemoryBytes() + cache_.MemoryBytes() +
           transfers_.capacity() * sizeof(Transfer) +
           reads_.capacity() * sizeof(Balance) +
           ends_.capacity() * sizeof(uint32_t) +
           (accounts_.capacity() + observed_.capacity() + payers_.capacity()) *
               (sizeof(ValueId) + 1) +
           initial_.capacity() * (2 * sizeof(int64_t) + 1) +
           by_text_.capacity() * (sizeof(std::string) + sizeof(int64_t) + 1);
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

  // The first that was met of the number and its string.
  ValueId IdOf(ValueId account) {
    const ValueKind kind = values().kind(account);
    if (kind == ValueKind::kInteger) {
      return by_text_
          .try_emplace(absl::StrCat(values().integer(account)), account)
          .first->second;
    }
    if (kind != ValueKind::kString) return account;
    return by_text_.try_emplace(std::string(values().text(account)), account)
        .first->second;
  }

  void OnNewTransfer(Transfer transfer) {
    transfer.from = IdOf(transfer.from);
    transfer.to = IdOf(transfer.to);
    transfers_.back() = transfer;
    accounts_.insert(transfer.from);
    accounts_.insert(transfer.to);
    (transfer.is_refused ? observed_ : payers_).insert(transfer.from);
  }

  void OnNewRead(std::span<const ValueId> entries) {
    for (size_t i = 0; i < entries.size(); i += 2) {
      const ValueId account = IdOf(entries[i]);
      accounts_.insert(account);
      observed_.insert(account);
      reads_.push_back({account, Difference(values().integer(entries[i + 1]),
                                            InitialBalance(account))});
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
  Account AccountOf(StateId state, ValueId account) const {
    return known_[maps_.Get(state, account)];
  }
  StateId Keep(StateId state, ValueId account, const Account& known) {
    return maps_.Put(state, account, known_.Intern(known));
  }
  bool IsFound(const Account& known) const {
    return starts_known_ || known.is_found;
  }

  // "6"; "at least 4", "at least 4 and less than 9" where no read has told.
  std::string BalanceText(StateId state, ValueId account) const {
    const Account known = AccountOf(state, account);
    if (IsFound(known)) {
      return absl::StrCat(Total(InitialBalance(account), known.moved));
    }
    std::string text =
        absl::StrCat("at least ", Total(known.least, known.moved));
    if (known.below != INT64_MAX) {
      absl::StrAppend(&text, " and less than ",
                      Total(known.below, known.moved));
    }
    return text;
  }

  StateId Apply(StateId state, ActionId id) {
    if (action(id).function == kTransfer) return ApplyTransfer(state, id);
    for (const Balance& read : ReadsOf(id)) {
      Account known = AccountOf(state, read.account);
      if (!Fits(known, read)) return StepCache::kRefused;
      if (IsFound(known)) continue;
      known = Account();
      known.moved = read.moved;
      known.is_found = true;
      state = Keep(state, read.account, known);
    }
    return state;
  }

  bool Fits(const Account& known, const Balance& read) const {
    if (IsFound(known)) return known.moved == read.moved;
    const int64_t start = Difference(read.moved, known.moved);
    return known.least <= start && start < known.below;
  }

  StateId ApplyTransfer(StateId state, ActionId id) {
    const Transfer& transfer = transfers_[id];
    Account payer = AccountOf(state, transfer.from);
    if (IsFound(payer)) {
      const int64_t balance = Total(InitialBalance(transfer.from), payer.moved);
      const bool is_covered = balance >= transfer.amount;
      if (is_covered == transfer.is_refused) return StepCache::kRefused;
    } else {
      const int64_t start = Difference(transfer.amount, payer.moved);
      if (transfer.is_refused) {
        payer.below = std::min(payer.below, start);
      } else {
        payer.least = std::max(payer.least, start);
      }
      if (payer.least >= payer.below) return StepCache::kRefused;
      state = Keep(state, transfer.from, payer);
    }
    if (!MovesMoney(id)) return state;
    return Move(Move(state, transfer.from, -transfer.amount), transfer.to,
                transfer.amount);
  }

  StateId Move(StateId state, ValueId account, int64_t amount) {
    Account known = AccountOf(state, account);
    known.moved = Total(known.moved, amount);
    return Keep(state, account, known);
  }

  std::string DescribeRefusedRead(StateId state, ActionId id) const {
    if (starts_known_ && IsImpossible(id)) {
      return "it read balances whose sum is not that of the bank";
    }
    for (const Balance& read : ReadsOf(id)) {
      if (Fits(AccountOf(state, read.account), read)) continue;
      return absl::StrCat("it read ",
                          Total(InitialBalance(read.account), read.moved),
                          " in account ", Text(read.account),
                          ", but there was ", BalanceText(state, read.account));
    }
    return "it does not fit";
  }

  int64_t usual_;
  bool starts_known_;
  absl::flat_hash_map<ValueId, int64_t> initial_;
  absl::flat_hash_map<std::string, ValueId> by_text_;  // numbers and strings
  MapTable maps_;
  Interner<Account> known_;  // the first is the default, which is "no entry"
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
  balances.are_known = true;
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
              "balance for all accounts; by default nobody knows, and the "
              "first read of an account tells",
          .keys = KeyUse::kRefuses,
          .make = &Make};
}

}  // namespace minos::checker

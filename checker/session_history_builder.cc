#include "checker/session_history_builder.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/chain_crossings.h"
#include "checker/counter_pairs.h"
#include "checker/function_roles.h"
#include "history/value_text.h"

namespace minos::checker {

using history::History;
using history::kNil;
using history::kNoValue;
using history::OpIndex;
using history::Outcome;
using history::Position;
using history::ToInt;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

namespace {

// Of all amounts together, so that no sum of some of them overflows.
constexpr uint64_t kMaxTotal = uint64_t{1} << 61;

constexpr uint32_t kNoKey = std::numeric_limits<uint32_t>::max();

// A step before it has its number.
struct RawStep {
  OpIndex operation;
  uint32_t key;
  uint32_t chain;
  ValueId value;
  StepKind kind;
};

class Builder {
 public:
  Builder(const History& history, Observation observation,
          const Partitioning& partitioning, const SessionChoice& sessions,
          ValueId initial)
      : history_(history),
        partitioning_(partitioning),
        sessions_(sessions),
        roles_(history.values(), observation) {
    result_.history = &history;
    result_.keying = partitioning.keying;
    result_.observation = observation;
    result_.initial = initial == kNoValue ? kNil : initial;
  }

  absl::StatusOr<SessionHistory> Build() &&;

 private:
  void NumberKeys();
  absl::Status AddOperation(OpIndex op);
  void AddFailed(OpIndex op);
  absl::Status Unsupported(OpIndex op, const Call& call) const;
  absl::Status BadSum(OpIndex op, ValueId sum) const;
  bool IsInteger(ValueId value) const {
    return value != kNoValue &&
           history_.values().kind(value) == ValueKind::kInteger;
  }
  absl::Status AddCompareAndSet(OpIndex op, const Call& call);
  absl::Status AddCounterRead(OpIndex op, const Call& call);
  absl::Status AddCounterUpdate(OpIndex op, const Call& call,
                                FunctionRole role);
  // Whether the operation returned [value version].
  bool ReturnsVersion(OpIndex op, const Call& call) const {
    return call.is_ok && versioned_[key_of_[op]] &&
           IsIntegerPair(history_.values(), call.result);
  }
  void Place(OpIndex op, StepKind kind, ValueId value, int64_t amount = 0);
  uint32_t SessionNumber(OpIndex op);
  uint32_t ChainFor(OpIndex op);
  void NumberSteps();
  void NumberCompared();

  const History& history_;
  const Partitioning& partitioning_;
  const SessionChoice& sessions_;
  FunctionRoles roles_;
  absl::flat_hash_map<ValueId, uint32_t> key_number_;
  std::vector<uint32_t> key_of_;          // by operation
  std::vector<uint32_t> session_number_;  // by value of the session
  std::vector<std::vector<uint32_t>> chains_of_session_;
  std::vector<Position> chain_end_;  // by chain: where it is free again
  std::vector<uint32_t> chain_size_;
  std::vector<RawStep> raw_;
  std::vector<int64_t> raw_amounts_;  // of counters only
  std::vector<std::pair<OpIndex, ValueId>> compared_;
  std::vector<bool> versioned_;  // by key; of counters only
  uint64_t total_ = 0;           // of the amounts, without their signs
  SessionHistory result_;
};

void Builder::NumberKeys() {
  key_of_.assign(history_.size(), kNoKey);
  for (const Partition& partition : partitioning_.partitions) {
    const auto key = static_cast<uint32_t>(result_.key_names.size());
    result_.key_names.push_back(partition.key);
    key_number_[partition.key] = key;
    for (const OpIndex op : partition.operations) key_of_[op] = key;
  }
}

absl::Status Builder::Unsupported(OpIndex op, const Call& call) const {
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", history_.call_line(op), ": `",
      history::ToShortText(history_.values(), call.function, 40),
      "` with the argument ",
      history::ToShortText(history_.values(), call.argument, 40),
      " is neither a read nor an update that this check understands; it "
      "takes ",
      roles_.Names()));
}

void Builder::AddFailed(OpIndex op) {
  const absl::StatusOr<ValueId> key = KeyOf(history_, result_.keying, op);
  if (!key.ok()) return;
  const auto found = key_number_.find(*key);
  if (found == key_number_.end()) return;  // nobody could have read it
  const uint32_t number = found->second;
  const Call call = CallOf(history_, result_.keying, op);
  const ValueTable& values = history_.values();
  switch (roles_.Find(call.function)) {
    case FunctionRole::kWrite:
    case FunctionRole::kAdd:
      result_.failed.push_back({op, number, call.argument});
      break;
    case FunctionRole::kCompareAndSet:
      if (values.kind(call.argument) == ValueKind::kList &&
          values.elements(call.argument).size() == 2) {
        result_.failed.push_back(
            {op, number, values.elements(call.argument)[1]});
      }
      break;
    default:
      break;
  }
}

absl::Status Builder::AddOperation(OpIndex op) {
  const Call call = CallOf(history_, result_.keying, op);
  switch (roles_.Find(call.function)) {
    case FunctionRole::kRead:
      if (!call.is_ok) return absl::OkStatus();
      if (result_.observation != Observation::kCounter) {
        Place(op, StepKind::kRead, call.result);
        return absl::OkStatus();
      }
      return AddCounterRead(op, call);
    case FunctionRole::kWrite:
      Place(op, StepKind::kUpdate, call.argument);
      return absl::OkStatus();
    case FunctionRole::kDelete:
      Place(op, StepKind::kUpdate, kNil);
      return absl::OkStatus();
    case FunctionRole::kRemove:
      result_.removals.push_back({op, key_of_[op], call.argument});
      return absl::OkStatus();
    case FunctionRole::kAsk:
      result_.says_more = result_.says_more || call.is_ok;
      return absl::OkStatus();
    case FunctionRole::kAdd:
      if (call.result == history::kTrue || call.result == history::kFalse) {
        result_.says_more = true;
      }
      if (result_.observation == Observation::kCounter) {
        return AddCounterUpdate(op, call, FunctionRole::kAdd);
      }
      Place(op, StepKind::kUpdate, call.argument);
      return absl::OkStatus();
    case FunctionRole::kSubtract:
    case FunctionRole::kAddAndGet:
    case FunctionRole::kSubtractAndGet:
      return AddCounterUpdate(op, call, roles_.Find(call.function));
    case FunctionRole::kCompareAndSet:
      return AddCompareAndSet(op, call);
    case FunctionRole::kUnsupported:
      break;
  }
  return Unsupported(op, call);
}

// One that was refused changes nothing; one that did its work read the old
// value and wrote the new one.
absl::Status Builder::AddCompareAndSet(OpIndex op, const Call& call) {
  if (call.result == history::kFalse) {
    result_.says_more = true;
    return absl::OkStatus();
  }
  const ValueTable& values = history_.values();
  if (values.kind(call.argument) != ValueKind::kList ||
      values.elements(call.argument).size() != 2) {
    return Unsupported(op, call);
  }
  const auto parts = values.elements(call.argument);
  if (call.is_ok) {
    Place(op, StepKind::kRead, parts[0]);
  } else {
    compared_.emplace_back(op, parts[0]);
  }
  Place(op, StepKind::kUpdate, parts[1]);
  return absl::OkStatus();
}

absl::Status Builder::BadSum(OpIndex op, ValueId sum) const {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", history_.completion_line(op),
                   ": the sum of a counter is an integer, and not ",
                   history::ToShortText(history_.values(), sum, 40)));
}

absl::Status Builder::AddCounterRead(OpIndex op, const Call& call) {
  ValueId sum = call.result;
  if (ReturnsVersion(op, call)) sum = history_.values().elements(sum)[0];
  if (!IsInteger(sum)) return BadSum(op, call.result);
  Place(op, StepKind::kRead, sum, history_.values().integer(sum));
  return absl::OkStatus();
}

// An addition to a counter, and the read of the sum where it returned one.
absl::Status Builder::AddCounterUpdate(OpIndex op, const Call& call,
                                       FunctionRole role) {
  const ValueTable& values = history_.values();
  const bool is_nil = call.argument == kNil || call.argument == kNoValue;
  if (!is_nil && !IsInteger(call.argument)) return Unsupported(op, call);
  int64_t amount = is_nil ? 1 : values.integer(call.argument);
  total_ += std::min<uint64_t>(
      kMaxTotal, amount < 0 ? uint64_t{0} - static_cast<uint64_t>(amount)
                            : static_cast<uint64_t>(amount));
  if (total_ > kMaxTotal) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", history_.call_line(op),
                     ": the amounts so far are more than 2^61 together, and "
                     "this check does not take more"));
  }
  if (role == FunctionRole::kSubtract ||
      role == FunctionRole::kSubtractAndGet) {
    amount = -amount;
  }
  Place(op, StepKind::kUpdate, call.argument, amount);
  const bool returns_version = ReturnsVersion(op, call);
  const bool returns_sum = role == FunctionRole::kAddAndGet ||
                           role == FunctionRole::kSubtractAndGet ||
                           returns_version;
  if (!returns_sum || !call.is_ok) return absl::OkStatus();
  ValueId sum = call.result;
  if (returns_version) {
    sum = values.elements(sum)[0];
  } else if (values.kind(sum) == ValueKind::kList) {
    // [sum] or [argument sum]
    const auto parts = values.elements(sum);
    if (parts.empty() || parts.size() > 2) return BadSum(op, sum);
    sum = parts.back();
  }
  if (!IsInteger(sum)) return BadSum(op, sum);
  Place(op, StepKind::kRead, sum, values.integer(sum));
  return absl::OkStatus();
}

uint32_t Builder::SessionNumber(OpIndex op) {
  const ValueId session = sessions_.SessionOf(history_, op);
  if (ToInt(session) >= session_number_.size()) {
    session_number_.resize(ToInt(session) + 1, kNoKey);
  }
  uint32_t& number = session_number_[ToInt(session)];
  if (number == kNoKey) {
    number = static_cast<uint32_t>(result_.session_names.size());
    result_.session_names.push_back(session);
    chains_of_session_.emplace_back();
  }
  return number;
}

// The first chain of the session that has nothing open.
uint32_t Builder::ChainFor(OpIndex op) {
  const uint32_t session = SessionNumber(op);
  for (const uint32_t chain : chains_of_session_[session]) {
    // A compare-and-set is two steps of one operation.
    if (chain_end_[chain] < history_.call(op)) return chain;
  }
  const auto chain = static_cast<uint32_t>(chain_end_.size());
  chains_of_session_[session].push_back(chain);
  chain_end_.push_back(0);
  chain_size_.push_back(0);
  result_.chain_session.push_back(session);
  return chain;
}

void Builder::Place(OpIndex op, StepKind kind, ValueId value, int64_t amount) {
  const bool is_second_half = !raw_.empty() && raw_.back().operation == op;
  const uint32_t chain = is_second_half ? raw_.back().chain : ChainFor(op);
  chain_end_[chain] = history_.return_position(op);
  ++chain_size_[chain];
  raw_.push_back({op, key_of_[op], chain, value, kind});
  if (result_.observation == Observation::kCounter) {
    raw_amounts_.push_back(amount);
  }
}

void Builder::NumberSteps() {
  std::vector<Step>& begin = result_.chain_begin;
  begin.assign(chain_size_.size() + 1, 0);
  for (size_t c = 0; c < chain_size_.size(); ++c) {
    begin[c + 1] = begin[c] + chain_size_[c];
  }
  const size_t size = raw_.size();
  result_.operations.resize(size);
  result_.keys.resize(size);
  result_.chains.resize(size);
  result_.kinds.resize(size);
  result_.values.resize(size);
  result_.sources.assign(size, kUnresolvedStep);
  const bool has_amounts = result_.observation == Observation::kCounter;
  if (has_amounts) result_.amounts.resize(size);
  std::vector<Step> next(begin.begin(), begin.end() - 1);
  for (size_t i = 0; i < size; ++i) {
    const RawStep& raw = raw_[i];
    const Step step = next[raw.chain]++;
    result_.operations[step] = raw.operation;
    result_.keys[step] = raw.key;
    result_.chains[step] = raw.chain;
    result_.kinds[step] = raw.kind;
    result_.values[step] = raw.value;
    if (has_amounts) result_.amounts[step] = raw_amounts_[i];
  }
  NumberCompared();
}

void Builder::NumberCompared() {
  if (compared_.empty()) return;
  std::vector<Step> step_of(history_.size(), kNoStep);
  for (Step step = 0; step < result_.size(); ++step) {
    step_of[result_.operations[step]] = step;
  }
  for (const auto& [op, value] : compared_) {
    result_.compared.emplace_back(step_of[op], value);
  }
  std::sort(result_.compared.begin(), result_.compared.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
}

absl::StatusOr<SessionHistory> Builder::Build() && {
  NumberKeys();
  if (result_.observation == Observation::kCounter) {
    versioned_ = FindVersionedKeys(history_, partitioning_);
  }
  raw_.reserve(history_.size());
  for (OpIndex op = 0; op < history_.size(); ++op) {
    if (!history_.is_client(op)) continue;
    if (history_.outcome(op) == Outcome::kFail) {
      AddFailed(op);
      continue;
    }
    const absl::Status status = AddOperation(op);
    if (!status.ok()) return status;
  }
  NumberSteps();
  result_.crossings = FindCrossings(history_, result_.operations,
                                    result_.chain_begin, result_.chain_session);
  return std::move(result_);
}

}  // namespace

absl::StatusOr<Observation> ObservationOf(const ModelInfo& model) {
  if (model.name == "register" || model.name == "cas-register" ||
      model.name == "kv") {
    return Observation::kRegister;
  }
  if (model.name == "list-append") return Observation::kList;
  if (model.name == "g-set" || model.name == "set") return Observation::kSet;
  if (model.name == "counter") return Observation::kCounter;
  return absl::InvalidArgumentError(absl::StrCat(
      "the data type ", std::string(model.name),
      " has no reads that show which updates they saw; the models below "
      "sequential are for registers, kv, list-append, sets and counters"));
}

absl::StatusOr<SessionHistory> BuildSessionHistory(
    const History& history, Observation observation,
    const Partitioning& partitioning, const SessionChoice& sessions,
    ValueId initial) {
  return Builder(history, observation, partitioning, sessions, initial).Build();
}

}  // namespace minos::checker

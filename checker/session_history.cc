#include "checker/session_history.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "checker/counter_pairs.h"
#include "checker/models/model_base.h"
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

// What a function does to a key.
enum class Role : uint8_t {
  kUnknownFunction,
  kRead,
  kWrite,
  kCompareAndSet,
  kDelete,
  kAdd,
  kSubtract,
  kAddAndGet,
  kSubtractAndGet,
  kRemove,  // an element of a set
  kAsk,     // for one element of a set
  kUnsupported,
};

struct FunctionRole {
  std::string_view names;  // separated by commas
  Role role;
};

constexpr FunctionRole kRegisterRoles[] = {
    {"read, r, get", Role::kRead},
    {"write, w, put, set", Role::kWrite},
    {"cas, compare-and-set, compare-and-swap", Role::kCompareAndSet},
    {"delete, del, remove", Role::kDelete},
};
constexpr FunctionRole kListRoles[] = {
    {"read, r, get", Role::kRead},
    {"append", Role::kAdd},
};
constexpr FunctionRole kSetRoles[] = {
    {"read, r, get", Role::kRead},
    {"add, insert", Role::kAdd},
    {"remove, delete", Role::kRemove},
    {"contains, member, has", Role::kAsk},
};
constexpr FunctionRole kCounterRoles[] = {
    {"read, r, get", Role::kRead},
    {"add, increment, inc, incr", Role::kAdd},
    {"decrement, dec, decr", Role::kSubtract},
    {"add-and-get, add-and-read, increment-and-get, inc-and-get, incr-and-get",
     Role::kAddAndGet},
    {"decrement-and-get, dec-and-get, decr-and-get", Role::kSubtractAndGet},
};

std::span<const FunctionRole> RolesOf(Observation observation) {
  switch (observation) {
    case Observation::kRegister:
      return kRegisterRoles;
    case Observation::kList:
      return kListRoles;
    case Observation::kSet:
      return kSetRoles;
    case Observation::kCounter:
      return kCounterRoles;
  }
  return kRegisterRoles;
}

bool Names(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const size_t comma = std::min(names.find(", "), names.size());
    if (names.substr(0, comma) == name) return true;
    names.remove_prefix(std::min(comma + 2, names.size()));
  }
  return false;
}

// Looks functions up; a history has few.
class RoleTable {
 public:
  RoleTable(const ValueTable& values, Observation observation)
      : values_(values), roles_(RolesOf(observation)) {}

  Role Find(ValueId function) {
    if (ToInt(function) >= known_.size()) {
      if (function == kNoValue) return Role::kUnsupported;
      known_.resize(ToInt(function) + 1, Role::kUnknownFunction);
    }
    Role& role = known_[ToInt(function)];
    if (role == Role::kUnknownFunction) role = Resolve(function);
    return role;
  }

 private:
  Role Resolve(ValueId function) const {
    if (values_.kind(function) != ValueKind::kString) return Role::kUnsupported;
    for (const FunctionRole& entry : roles_) {
      if (Names(entry.names, values_.text(function))) return entry.role;
    }
    return Role::kUnsupported;
  }

  const ValueTable& values_;
  std::span<const FunctionRole> roles_;
  std::vector<Role> known_;
};

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
  absl::Status AddCounterUpdate(OpIndex op, const Call& call, Role role);
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
  void FindCrossings();

  const History& history_;
  const Partitioning& partitioning_;
  const SessionChoice& sessions_;
  RoleTable roles_;
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
  std::string known;
  for (const FunctionRole& entry : RolesOf(result_.observation)) {
    absl::StrAppend(&known, known.empty() ? "" : ", ",
                    std::string(entry.names.substr(0, entry.names.find(','))));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "line ", history_.call_line(op), ": `",
      history::ToShortText(history_.values(), call.function, 40),
      "` with the argument ",
      history::ToShortText(history_.values(), call.argument, 40),
      " is neither a read nor an update that this check understands; it "
      "takes ",
      known));
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
    case Role::kWrite:
    case Role::kAdd:
      result_.failed.push_back({op, number, call.argument});
      break;
    case Role::kCompareAndSet:
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
    case Role::kRead:
      if (!call.is_ok) return absl::OkStatus();
      if (result_.observation != Observation::kCounter) {
        Place(op, StepKind::kRead, call.result);
        return absl::OkStatus();
      }
      return AddCounterRead(op, call);
    case Role::kWrite:
      Place(op, StepKind::kUpdate, call.argument);
      return absl::OkStatus();
    case Role::kDelete:
      Place(op, StepKind::kUpdate, kNil);
      return absl::OkStatus();
    case Role::kRemove:
      result_.removals.push_back({op, key_of_[op], call.argument});
      return absl::OkStatus();
    case Role::kAsk:
      result_.says_more = result_.says_more || call.is_ok;
      return absl::OkStatus();
    case Role::kAdd:
      if (call.result == history::kTrue || call.result == history::kFalse) {
        result_.says_more = true;
      }
      if (result_.observation == Observation::kCounter) {
        return AddCounterUpdate(op, call, Role::kAdd);
      }
      Place(op, StepKind::kUpdate, call.argument);
      return absl::OkStatus();
    case Role::kSubtract:
    case Role::kAddAndGet:
    case Role::kSubtractAndGet:
      return AddCounterUpdate(op, call, roles_.Find(call.function));
    case Role::kCompareAndSet:
      return AddCompareAndSet(op, call);
    case Role::kUnknownFunction:
    case Role::kUnsupported:
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
                                       Role role) {
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
  if (role == Role::kSubtract || role == Role::kSubtractAndGet) {
    amount = -amount;
  }
  Place(op, StepKind::kUpdate, call.argument, amount);
  const bool returns_version = ReturnsVersion(op, call);
  const bool returns_sum = role == Role::kAddAndGet ||
                           role == Role::kSubtractAndGet || returns_version;
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
  const ValueId session = sessions_.sessions.empty() ? history_.session(op)
                                                     : sessions_.sessions[op];
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

// For the chains of one session: sweeps its steps in the order of their calls
// with one pointer for each chain.
void FindCrossingsBetween(const SessionHistory& steps,
                          std::span<const uint32_t> chains,
                          std::vector<Crossing>& crossings) {
  for (const uint32_t to_chain : chains) {
    for (const uint32_t from_chain : chains) {
      if (from_chain == to_chain) continue;
      const Step from_begin = steps.chain_begin[from_chain];
      const Step from_end = steps.chain_begin[from_chain + 1];
      Step passed = from_begin;
      for (Step to = steps.chain_begin[to_chain];
           to < steps.chain_begin[to_chain + 1]; ++to) {
        const Step before = passed;
        while (passed < from_end && steps.end(passed) < steps.call(to)) {
          ++passed;
        }
        if (passed != before) crossings.push_back({passed - 1, to});
      }
    }
  }
}

void SortCrossings(std::vector<Crossing>& crossings) {
  std::sort(crossings.begin(), crossings.end(),
            [](const Crossing& a, const Crossing& b) {
              return std::pair(a.to, a.from) < std::pair(b.to, b.from);
            });
}

void Builder::FindCrossings() {
  for (const std::vector<uint32_t>& chains : chains_of_session_) {
    if (chains.size() > 1) {
      FindCrossingsBetween(result_, chains, result_.crossings);
    }
  }
  SortCrossings(result_.crossings);
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
  FindCrossings();
  return std::move(result_);
}

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
  std::vector<std::pair<uint32_t, uint32_t>> chain_of_session;
  for (size_t i = 0; i < selected.size(); ++i) {
    const Step step = selected[i];
    number[step] = static_cast<Step>(i);
    if (i == 0 || whole.chains[step] != whole.chains[selected[i - 1]]) {
      part.chain_begin.push_back(static_cast<Step>(i));
      const uint32_t session = whole.SessionOf(step);
      chain_of_session.emplace_back(
          session, static_cast<uint32_t>(part.chain_session.size()));
      part.chain_session.push_back(session);
    }
    part.operations.push_back(whole.operations[step]);
    part.keys.push_back(whole.keys[step]);
    part.chains.push_back(static_cast<uint32_t>(part.chain_session.size() - 1));
    part.kinds.push_back(whole.kinds[step]);
    part.values.push_back(whole.values[step]);
    if (!whole.amounts.empty()) part.amounts.push_back(whole.amounts[step]);
  }
  part.chain_begin.push_back(static_cast<Step>(selected.size()));
  RestrictSources(whole, selected, number, part);
  std::sort(chain_of_session.begin(), chain_of_session.end());
  std::vector<uint32_t> chains;
  for (size_t i = 0; i < chain_of_session.size(); ++i) {
    chains.push_back(chain_of_session[i].second);
    if (i + 1 == chain_of_session.size() ||
        chain_of_session[i + 1].first != chain_of_session[i].first) {
      if (chains.size() > 1) {
        FindCrossingsBetween(part, chains, part.crossings);
      }
      chains.clear();
    }
  }
  SortCrossings(part.crossings);
  return part;
}

}  // namespace minos::checker

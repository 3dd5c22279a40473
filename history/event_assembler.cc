#include "history/event_assembler.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

constexpr size_t kNameLength = 40;
constexpr std::array<std::string_view, 14> kNames = {
    "type",   "process", "f",       "value",       "key",
    "time",   "index",   "session", "node",        "call",
    "return", "outcome", "result",  "end-process?"};
constexpr std::string_view kFormHint =
    "an event has `type` (invoke, ok, fail or info), `process`, `f` and "
    "`value`; a whole operation has `call`, `return` and `outcome` instead of "
    "`type`";

}  // namespace

EventAssembler::EventAssembler(EventSink& sink)
    : sink_(sink), values_(sink.values()) {
  static_assert(kNames.size() == kSlots);
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    names_[slot] = values_.String(kNames[slot]);
    const size_t id = ToInt(names_[slot]);
    if (slot_of_.size() <= id) slot_of_.resize(id + 1, kOther);
    slot_of_[id] = slot;
  }
  invoke_ = values_.String("invoke");
  ok_ = values_.String("ok");
  fail_ = values_.String("fail");
  info_ = values_.String("info");
  transaction_ = values_.String("txn");
}

void EventAssembler::Begin(TextPosition position) {
  position_ = position;
  present_ = 0;
  extras_.clear();
  twice_ = kNoValue;
}

void EventAssembler::Field(ValueId name, LazyValue value) {
  const size_t id = ToInt(name);
  const uint8_t slot = id < slot_of_.size() ? slot_of_[id] : kOther;
  if (slot != kOther) {
    if ((present_ >> slot & 1) != 0) twice_ = name;
    present_ |= uint32_t{1} << slot;
    fields_[slot] = value;
    return;
  }
  for (size_t i = 0; i < extras_.size(); i += 2) {
    if (extras_[i] == name) twice_ = name;
  }
  extras_.push_back(name);
  extras_.push_back(value.Intern(values_));
}

void EventAssembler::Complain(std::string code, TextPosition position,
                              std::string message, std::string hint) {
  sink_.Report({Severity::kError, std::move(code), position, std::move(message),
                std::move(hint)});
}

bool EventAssembler::Reject(std::string code, std::string message,
                            std::string hint) {
  Complain(std::move(code), position_, std::move(message), std::move(hint));
  return false;
}

void EventAssembler::End() {
  if (twice_ != kNoValue) {
    Reject("duplicate-key",
           absl::StrCat("the map that begins here has the key ",
                        ToShortText(values_, twice_, kNameLength), " twice"),
           "keep one of them");
  } else if (!Has(kType) && Has(kCall)) {
    EndOperation();
  } else {
    EndEvent();
  }
}

ValueId EventAssembler::Take(Slot slot) {
  if (!Has(slot)) return kNoValue;
  const ValueId value = fields_[slot].Intern(values_);
  return value == kNil ? kNoValue : value;
}

// Times and indexes; leaves `integer` alone where the field is absent or nil.
bool EventAssembler::TakeInteger(Slot slot, int64_t& integer) {
  if (!Has(slot)) return true;
  const LazyValue& field = fields_[slot];
  if (field.is_integer) {
    integer = field.integer;
    return true;
  }
  if (field.id == kNil) return true;
  return Reject(
      "bad-field",
      absl::StrCat("`", std::string(kNames[slot]), "` is not an integer: ",
                   ToShortText(values_, field.id, kNameLength)),
      slot == kIndex ? "number the events 0, 1, 2, …"
                     : "times are whole nanoseconds");
}

bool EventAssembler::TakeProcess(Event& event) {
  event.process = Take(kProcess);
  if (event.process == kNoValue) return true;
  const ValueKind kind = values_.kind(event.process);
  if (kind == ValueKind::kInteger || kind == ValueKind::kString ||
      kind == ValueKind::kSymbol) {
    return true;
  }
  return Reject("bad-field",
                absl::StrCat("`process` is neither an integer nor a name: ",
                             ToShortText(values_, event.process, kNameLength)),
                "number the clients; faults have the process `nemesis`");
}

bool EventAssembler::TakeFunction(Event& event) {
  event.function = Take(kFunction);
  if (event.function == kNoValue) return true;
  const ValueKind kind = values_.kind(event.function);
  if (kind == ValueKind::kString || kind == ValueKind::kSymbol) return true;
  return Reject("bad-field",
                absl::StrCat("`f` is not a name: ",
                             ToShortText(values_, event.function, kNameLength)),
                "`f` is what was called: read, write, cas, …");
}

bool EventAssembler::FillCommon(Event& event) {
  event.position = position_;
  if (!TakeProcess(event) || !TakeFunction(event)) return false;
  event.key = Take(kKey);
  event.session = Take(kSession);
  event.node = Take(kNode);
  if (Has(kValue)) event.value = fields_[kValue].Intern(values_);
  return true;
}

std::optional<EventType> EventAssembler::TypeOf(ValueId type) const {
  if (type == invoke_) return EventType::kInvoke;
  if (type == ok_) return EventType::kOk;
  if (type == fail_) return EventType::kFail;
  if (type == info_) return EventType::kInfo;
  return std::nullopt;
}

void EventAssembler::AddExtra(Slot slot) {
  if (!Has(slot)) return;
  extras_.push_back(names_[slot]);
  extras_.push_back(fields_[slot].Intern(values_));
}

void EventAssembler::EndEvent() {
  const ValueId type = Take(kType);
  if (type == kNoValue) {
    Reject("missing-type", "the operation has no `type`",
           std::string(kFormHint));
    return;
  }
  const std::optional<EventType> known = TypeOf(type);
  if (!known) {
    Reject(
        "unknown-type",
        absl::StrCat("unknown type ", ToShortText(values_, type, kNameLength)),
        "the types are invoke, ok, fail and info");
    return;
  }
  Event event;
  event.type = *known;
  if (!FillCommon(event)) return;
  if (!TakeInteger(kTime, event.time) || !TakeInteger(kIndex, event.index)) {
    return;
  }
  if (event.time < 0) event.time = kNoTime;
  if (event.type == EventType::kInvoke && !InferTransaction(event)) return;
  event.ends_process =
      Has(kEndProcess) && fields_[kEndProcess].Intern(values_) == kTrue;
  // An event knows nothing of these; they are further fields like any other.
  for (const Slot slot : {kCall, kReturn, kOutcome, kResult, kEndProcess}) {
    AddExtra(slot);
  }
  if (!extras_.empty()) event.extras = values_.Map(extras_);
  sink_.Add(event);
}

// Recordings for Elle leave `f` out: every value is a list of micro-operations
// such as [:append 3 1] and [:r 3 nil].
bool EventAssembler::InferTransaction(Event& event) {
  if (event.function != kNoValue) return true;
  const auto is_micro_operation = [&](ValueId element) {
    if (values_.kind(element) != ValueKind::kList) return false;
    const std::span<const ValueId> parts = values_.elements(element);
    return parts.size() >= 2 && values_.kind(parts[0]) == ValueKind::kString;
  };
  if (event.value != kNoValue &&
      values_.kind(event.value) == ValueKind::kList) {
    const std::span<const ValueId> elements = values_.elements(event.value);
    if (std::all_of(elements.begin(), elements.end(), is_micro_operation)) {
      event.function = transaction_;
      return true;
    }
  }
  return Reject("missing-f", "the operation has no `f`",
                "`f` is what was called: read, write, cas, …; only "
                "transactions, lists like [[:r 1 nil] [:append 2 3]], go "
                "without");
}

// Without `outcome`, an operation that returned is ok.
bool EventAssembler::TakeOutcome(OperationEvent& operation) {
  const ValueId outcome = Take(kOutcome);
  const bool returned = operation.return_time != kNoTime;
  if (outcome == info_ || (outcome == kNoValue && !returned)) {
    operation.outcome = Outcome::kInfo;
    return true;
  }
  if (outcome != kNoValue && outcome != ok_ && outcome != fail_) {
    return Reject("unknown-type",
                  absl::StrCat("unknown outcome ",
                               ToShortText(values_, outcome, kNameLength)),
                  "the outcomes are ok, fail and info");
  }
  if (!returned) {
    return Reject("missing-return",
                  "the operation has an outcome but no `return`",
                  "`return` is when it completed; what never returned is info");
  }
  operation.outcome = outcome == fail_ ? Outcome::kFail : Outcome::kOk;
  return true;
}

// `time` and `index` say nothing here: the order follows `call` and `return`.
void EventAssembler::EndOperation() {
  OperationEvent operation;
  operation.call.type = EventType::kInvoke;
  if (!FillCommon(operation.call) || !InferTransaction(operation.call) ||
      !TakeInteger(kCall, operation.call_time) ||
      !TakeInteger(kReturn, operation.return_time)) {
    return;
  }
  if (operation.call_time < 0) {
    Reject("bad-field", "`call` must be a time, 0 or later",
           "times are whole nanoseconds");
    return;
  }
  if (operation.return_time < 0) operation.return_time = kNoTime;
  if (!TakeOutcome(operation)) return;
  if (Has(kResult)) operation.result = fields_[kResult].Intern(values_);
  AddExtra(kEndProcess);
  if (!extras_.empty()) operation.call.extras = values_.Map(extras_);
  sink_.AddOperation(operation);
}

}  // namespace minos::history

// Makes events of the fields that a reader finds, whatever the format.

#ifndef MINOS_HISTORY_EVENT_ASSEMBLER_H_
#define MINOS_HISTORY_EVENT_ASSEMBLER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/event.h"
#include "history/event_sink.h"
#include "history/lazy_value.h"
#include "history/value.h"

namespace minos::history {

// For each operation map: Begin, then Field for each entry, then End. What is
// wrong with the fields becomes a problem of the sink, and the event is
// left out.
class EventAssembler {
 public:
  // `sink` must outlive the assembler.
  explicit EventAssembler(EventSink& sink);

  // Starts an event; forgets one that was not ended.
  void Begin(TextPosition position);
  // A name twice is a problem. Amortized O(fields with other names).
  void Field(ValueId name, LazyValue value);
  // Hands the event, or the whole operation, to the sink.
  void End();

  // Records an error of the reader.
  void Complain(std::string code, TextPosition position, std::string message,
                std::string hint);

  // Names of fields as values, for formats of columns.
  ValueId type_name() const { return names_[kType]; }
  ValueId process_name() const { return names_[kProcess]; }
  ValueId function_name() const { return names_[kFunction]; }
  ValueId value_name() const { return names_[kValue]; }

  ValueTable& values() { return values_; }

 private:
  enum Slot : uint8_t {
    kType,
    kProcess,
    kFunction,
    kValue,
    kKey,
    kTime,
    kIndex,
    kSession,
    kNode,
    kCall,
    kReturn,
    kOutcome,
    kResult,
    kEndProcess,
    kSlots,
  };
  static constexpr uint8_t kOther = kSlots;

  bool Has(Slot slot) const { return (present_ >> slot & 1) != 0; }
  void EndEvent();
  void EndOperation();
  bool FillCommon(Event& event);
  std::optional<EventType> TypeOf(ValueId type) const;
  // The value of a field, kNoValue if it is absent or nil.
  ValueId Take(Slot slot);
  bool TakeProcess(Event& event);
  bool TakeFunction(Event& event);
  bool TakeInteger(Slot slot, int64_t& integer);
  bool TakeOutcome(OperationEvent& operation);
  bool InferTransaction(Event& event);
  void AddExtra(Slot slot);
  bool Reject(std::string code, std::string message, std::string hint);

  EventSink& sink_;
  ValueTable& values_;
  std::array<ValueId, kSlots> names_;
  std::vector<uint8_t> slot_of_;  // by id of the name
  ValueId invoke_;
  ValueId ok_;
  ValueId fail_;
  ValueId info_;
  ValueId transaction_;

  TextPosition position_;
  std::array<LazyValue, kSlots> fields_;
  uint32_t present_ = 0;
  std::vector<ValueId> extras_;  // names and values
  ValueId twice_ = kNoValue;     // a name that stood twice
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_EVENT_ASSEMBLER_H_

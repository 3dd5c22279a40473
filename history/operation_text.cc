#include "history/operation_text.h"

#include "absl/strings/str_cat.h"
#include "history/value.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

// A value as a name: of a string or keyword just the text.
std::string NameText(const ValueTable& values, ValueId value, size_t length) {
  std::string text = ToShortText(values, value, length);
  if (value == kNoValue || values.kind(value) != ValueKind::kString)
    return text;
  if (values.is_keyword(value)) return text.substr(1);
  return text.size() > length ? text : std::string(values.text(value));
}

}  // namespace

std::string OperationText(const History& history, OpIndex op,
                          size_t max_value_length) {
  const ValueTable& values = history.values();
  std::string text;
  if (history.key(op) != kNoValue) {
    text =
        absl::StrCat(NameText(values, history.key(op), max_value_length), ": ");
  }
  absl::StrAppend(&text,
                  NameText(values, history.function(op), max_value_length));
  const ValueId argument = history.argument(op);
  if (argument != kNil) {
    absl::StrAppend(&text, " ",
                    ToShortText(values, argument, max_value_length));
  }
  const ValueId result = history.result(op);
  switch (history.outcome(op)) {
    case Outcome::kFail:
      absl::StrAppend(&text, " ✗");
      break;
    case Outcome::kInfo:
      absl::StrAppend(&text, " → ?");
      break;
    case Outcome::kOk:
      if (result == kNoValue || (result == argument && argument != kNil)) break;
      if (result == kNil && argument != kNil) break;
      absl::StrAppend(&text, " → ",
                      ToShortText(values, result, max_value_length));
      break;
  }
  return text;
}

std::string OperationPlace(const History& history, OpIndex op) {
  std::string text = absl::StrCat(
      "process ", NameText(history.values(), history.process(op), 40));
  const uint32_t call = history.call_line(op);
  const uint32_t completion = history.completion_line(op);
  if (call == 0) return text;
  if (completion == 0 || completion == call) {
    absl::StrAppend(&text, ", line ", call);
  } else {
    absl::StrAppend(&text, ", lines ", call, "-", completion);
  }
  return text;
}

}  // namespace minos::history

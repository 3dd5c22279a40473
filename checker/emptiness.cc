#include "checker/emptiness.h"

#include <string_view>

namespace minos::checker {

using history::kNil;
using history::kNoValue;
using history::ValueId;
using history::ValueKind;
using history::ValueTable;

bool MeansEmpty(const ValueTable& values, ValueId result) {
  if (result == kNil || result == kNoValue) return true;
  if (values.kind(result) != ValueKind::kString) return false;
  const std::string_view text = values.text(result);
  return text == "empty" || text == "exhausted";
}

bool IsEmptyAtStart(const ValueTable& values, ValueId initial) {
  if (initial == kNoValue || initial == kNil) return true;
  return values.kind(initial) == ValueKind::kList &&
         values.elements(initial).empty();
}

}  // namespace minos::checker

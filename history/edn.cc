#include "history/edn.h"

#include "absl/strings/str_cat.h"
#include "history/edn_reader.h"
#include "history/text_cursor.h"

namespace minos::history {
namespace {

absl::Status ToStatus(const SyntaxError& error) {
  return absl::InvalidArgumentError(
      absl::StrCat(error.position.line, ":", error.position.column, ": ",
                   error.message, error.hint.empty() ? "" : "; ", error.hint));
}

}  // namespace

absl::StatusOr<ValueId> ParseEdn(std::string_view text, ValueTable& values) {
  TextCursor cursor(text);
  EdnReader reader(cursor, values);
  LazyValue form;
  if (!reader.Read(form) || !reader.SkipBlank()) {
    return ToStatus(reader.error());
  }
  if (cursor.Peek() != TextCursor::kEnd) {
    reader.Fail(cursor.position(), "more text follows the form",
                "write several values as a vector: [1 2]");
    return ToStatus(reader.error());
  }
  return form.Intern(values);
}

}  // namespace minos::history

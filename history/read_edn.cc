#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "history/edn_reader.h"
#include "history/format_readers.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

constexpr size_t kFoundLength = 40;

class EdnHistoryReader {
 public:
  EdnHistoryReader(TextCursor& text, EventAssembler& events)
      : text_(text), events_(events), edn_(text, events.values()) {}

  void ReadAll() {
    bool is_first = true;
    for (;;) {
      if (!edn_.SkipTags()) {
        ReportAndResume();
        continue;
      }
      const int c = text_.Peek();
      if (c == TextCursor::kEnd) return;
      if (is_first && (c == '[' || c == '(')) {
        ReadEnclosed(c == '[' ? ']' : ')');
        return;
      }
      is_first = false;
      if (!ReadElement()) ReportAndResume();
    }
  }

 private:
  void Report() {
    events_.Complain("syntax", edn_.error().position, edn_.error().message,
                     edn_.error().hint);
  }

  // Goes on at the next line, or at once where an operation begins a line.
  void ReportAndResume() {
    Report();
    const bool at_operation =
        text_.Peek() == '{' && text_.position().column == 1;
    if (!at_operation) text_.SkipLine();
  }

  // A vector or list of operations up to `bracket`. There is no telling where
  // the next operation begins after a syntax error in it.
  void ReadEnclosed(int bracket) {
    const TextPosition begin = text_.position();
    text_.Skip();
    for (;;) {
      if (!edn_.SkipTags()) return Report();
      const int c = text_.Peek();
      if (c == bracket) break;
      if (c == TextCursor::kEnd) {
        edn_.Fail(text_.position(),
                  absl::StrFormat("the %s that begins at %u:%u is not closed",
                                  bracket == ']' ? "vector" : "list",
                                  begin.line, begin.column),
                  "is the file cut off?");
        return Report();
      }
      if (!ReadElement()) return Report();
    }
    text_.Skip();
    if (!edn_.SkipBlank()) return Report();
    if (text_.Peek() != TextCursor::kEnd) {
      edn_.Fail(text_.position(), "more text follows the closing bracket",
                "one file is one recording: a vector, or one map a line");
      Report();
    }
  }

  // What stands where an operation should. False on a syntax error.
  bool ReadElement() {
    const TextPosition begin = text_.position();
    if (text_.Peek() == '{') return ReadOperation(begin);
    LazyValue form;
    if (!edn_.Read(form)) return false;
    events_.Complain(
        "not-an-operation", begin,
        absl::StrCat("an operation should stand here, not ",
                     ToShortText(events_.values(),
                                 form.Intern(events_.values()), kFoundLength)),
        "an operation is a map: {:process 0, :type :invoke, :f :read, :value "
        "nil}");
    return true;
  }

  bool ReadOperation(TextPosition begin) {
    text_.Skip();
    events_.Begin(begin);
    for (;;) {
      if (!edn_.SkipBlank()) return false;
      const int c = text_.Peek();
      if (c == '}') break;
      // Fields are named by keywords, so another operation has begun.
      if (c == TextCursor::kEnd || (c == '{' && text_.position().column == 1)) {
        return edn_.Fail(
            text_.position(),
            absl::StrFormat("the map that begins at %u:%u is not closed",
                            begin.line, begin.column),
            c == '{' ? "a `}` is missing" : "is the file cut off?");
      }
      LazyValue name;
      if (!edn_.Read(name) || !edn_.SkipBlank()) return false;
      const ValueId id = name.Intern(events_.values());
      if (text_.Peek() == '}') {
        return edn_.Fail(
            text_.position(),
            absl::StrFormat("the map that begins at %u:%u has a key without a "
                            "value: %s",
                            begin.line, begin.column,
                            ToShortText(events_.values(), id, kFoundLength)));
      }
      LazyValue value;
      if (!edn_.Read(value)) return false;
      events_.Field(id, value);
    }
    text_.Skip();
    events_.End();
    return true;
  }

  TextCursor& text_;
  EventAssembler& events_;
  EdnReader edn_;
};

}  // namespace

void ReadEdn(TextCursor& text, EventAssembler& events) {
  EdnHistoryReader(text, events).ReadAll();
}

}  // namespace minos::history

// The two formats that Jepsen prints as columns. The columns are EDN forms in a
// row, so tabs and runs of blanks need no telling apart.

#include <algorithm>
#include <string>
#include <string_view>

#include "history/edn.h"
#include "history/edn_reader.h"
#include "history/format_readers.h"
#include "history/utf8.h"

namespace minos::history {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kColumnsHint =
    "the columns are: process, type, f, value, and perhaps an error";

class ColumnReader {
 public:
  explicit ColumnReader(EventAssembler& events)
      : events_(events),
        text_(""),
        edn_(text_, events.values()),
        error_name_(events.values().String("error")) {}

  // Reads the operation in `line`, whose columns begin at `begin`.
  void Read(std::string_view line, TextPosition begin) {
    text_.Reset(line, begin);
    events_.Begin(begin);
    if (!ReadColumns() || !ReadError(line)) {
      events_.Complain("syntax", edn_.error().position, edn_.error().message,
                       edn_.error().hint);
      return;
    }
    events_.End();
  }

 private:
  bool ReadColumns() {
    for (const ValueId name : {events_.process_name(), events_.type_name(),
                               events_.function_name(), events_.value_name()}) {
      if (!edn_.SkipBlank()) return false;
      if (text_.Peek() == TextCursor::kEnd) {
        return edn_.Fail(text_.position(), "the line ends too soon",
                         std::string(kColumnsHint));
      }
      LazyValue column;
      if (!edn_.Read(column)) return false;
      events_.Field(name, column);
    }
    return true;
  }

  // An error is printed as it is: as EDN, or as the words of an exception.
  bool ReadError(std::string_view line) {
    if (!edn_.SkipBlank()) return false;
    std::string_view error = line.substr(text_.offset());
    if (error.empty()) return true;
    const size_t invalid = FindInvalidUtf8(error);
    if (invalid != std::string_view::npos) {
      return edn_.Fail(text_.PositionOf(text_.offset() + invalid),
                       "the error is not valid UTF-8 here",
                       "recordings are UTF-8 text");
    }
    const auto form = ParseEdn(error, events_.values());
    events_.Field(error_name_,
                  LazyValue::Interned(
                      form.ok() ? *form : events_.values().String(error)));
    return true;
  }

  EventAssembler& events_;
  TextCursor text_;
  EdnReader edn_;
  ValueId error_name_;
};

// Where the columns begin in a line that the logger `jepsen.util` wrote; npos
// if it did not.
size_t FindColumns(std::string_view line) {
  for (const std::string_view logger : {"jepsen.util - ", "jepsen.util: "}) {
    const size_t at = line.find(logger);
    if (at != std::string_view::npos) return at + logger.size();
  }
  return std::string_view::npos;
}

// `LEVEL  some.name - message`.
bool IsOtherLogger(std::string_view line) {
  const size_t level = std::min(line.find_first_of(kBlanks), line.size());
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return level > 0 &&
         std::all_of(line.begin(), line.begin() + level, is_upper) &&
         line.find(" - ", level) != std::string_view::npos;
}

template <typename ReadLine>
void ReadLines(TextCursor& text, EventAssembler& events, ReadLine read_line) {
  for (;;) {
    TextPosition begin = text.position();
    const auto line = text.TakeLine();
    if (!line) return;
    if (line->size() == TextCursor::kMaxRun) {
      events.Complain("syntax", begin, "the line has more than 16 MiB",
                      std::string(kColumnsHint));
    } else if (line->find_first_not_of(kBlanks) != std::string_view::npos) {
      read_line(*line, begin);
    }
  }
}

}  // namespace

void ReadHistoryTxt(TextCursor& text, EventAssembler& events) {
  ColumnReader columns(events);
  ReadLines(text, events, [&](std::string_view line, TextPosition begin) {
    columns.Read(line, begin);
  });
}

void ReadJepsenLog(TextCursor& text, EventAssembler& events) {
  ColumnReader columns(events);
  ReadLines(text, events, [&](std::string_view line, TextPosition begin) {
    const size_t at = FindColumns(line);
    if (at != std::string_view::npos) {
      begin.column += static_cast<uint32_t>(at);
      columns.Read(line.substr(at), begin);
    } else if (!IsOtherLogger(line)) {
      events.Complain("syntax", begin, "the line is none of Jepsen's log",
                      "lines look like: INFO  jepsen.util - 0 :invoke :read "
                      "nil");
    }
  });
}

}  // namespace minos::history

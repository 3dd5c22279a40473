// JSON is read through the events of a SAX parser: the values of an operation
// are interned as they end, and no tree is built. The collections that are open
// stand on a stack of frames and their finished elements on a second one, as in
// the EDN reader. An operation is the frame that hands its entries to the
// EventAssembler instead.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "history/edn.h"
#include "history/format_readers.h"
#include "history/name_cache.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

using nlohmann::json;

constexpr size_t kFoundLength = 40;
constexpr size_t kMaxPending = size_t{1} << 24;
constexpr std::string_view kOperationHint =
    "an operation is an object: {\"process\":0,\"type\":\"invoke\",\"f\":"
    "\"read\",\"value\":null}";

// The bytes of a TextCursor as the parser takes them. The end is where the text
// ends, or where one token has grown beyond what may be read: the parser
// gathers a whole token before it hands it over.
class JsonBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  JsonBytes() = default;
  // `token_begin` is the offset at which the last token ended.
  JsonBytes(TextCursor* text, const uint64_t* token_begin)
      : text_(text), token_begin_(token_begin) {}

  char operator*() const { return static_cast<char>(text_->Peek()); }
  JsonBytes& operator++() {
    text_->Skip();
    return *this;
  }
  JsonBytes operator++(int) {
    JsonBytes before = *this;
    text_->Skip();
    return before;
  }
  // Only ever compared with the end.
  friend bool operator==(const JsonBytes& a, const JsonBytes&) {
    return a.text_ == nullptr || a.text_->Peek() == TextCursor::kEnd ||
           a.text_->offset() - *a.token_begin_ > TextCursor::kMaxRun;
  }

 private:
  TextCursor* text_ = nullptr;
  const uint64_t* token_begin_ = nullptr;
};

// What the parser says, in our words: of "[…] parse error at …: syntax error
// while parsing value - unexpected ']'; expected …" the part after the dash.
std::string Reason(std::string_view message) {
  const size_t dash = message.find(" - ");
  if (dash == std::string_view::npos) return std::string(message);
  std::string_view reason = message.substr(dash + 3);
  // The last token read may be as long as the file.
  const size_t last_read = reason.find("; last read: ");
  if (last_read != std::string_view::npos) reason = reason.substr(0, last_read);
  const size_t expected = reason.find("; expected ");
  if (expected == std::string_view::npos) return std::string(reason);
  return absl::StrCat(std::string(reason.substr(0, expected)),
                      " where one expects ",
                      std::string(reason.substr(expected + 11)));
}

// How long the token is that stands in the wrong place, or 1. The parser's own
// `token` goes back to the last string or number, whatever followed it.
size_t OffendingLength(std::string_view message, std::string_view token) {
  const auto has = [&](std::string_view part) {
    return message.find(part) != std::string_view::npos;
  };
  if (has("unexpected string literal") || has("unexpected number literal")) {
    return token.size();
  }
  if (has("unexpected true literal") || has("unexpected null literal")) {
    return 4;
  }
  return has("unexpected false literal") ? 5 : 1;
}

class JsonHandler {
 public:
  using number_integer_t = json::number_integer_t;
  using number_unsigned_t = json::number_unsigned_t;
  using number_float_t = json::number_float_t;
  using string_t = json::string_t;
  using binary_t = json::binary_t;

  // `in_array`: operations are the elements of one array.
  JsonHandler(TextCursor& text, EventAssembler& events, bool in_array)
      : text_(&text),
        events_(events),
        values_(events.values()),
        event_depth_(in_array ? 1 : 0) {}

  // Parses one JSON value from where the text stands; false on a syntax error,
  // which is reported.
  bool Parse() {
    frames_.clear();
    pending_.clear();
    error_.reset();
    start_ = token_end_ = text_->offset();
    const bool ok = json::sax_parse(JsonBytes(text_, &token_end_), JsonBytes(),
                                    this, json::input_format_t::json,
                                    /*strict=*/false);
    if (!ok && error_) {
      events_.Complain("syntax", error_->position, error_->message,
                       error_->hint);
    }
    return ok;
  }

  // The callbacks, which the parser names.

  bool null() { return Value(LazyValue::Interned(kNil)); }
  bool boolean(bool value) {
    return Value(LazyValue::Interned(ValueTable::Bool(value)));
  }
  bool number_integer(number_integer_t value) {
    return Value(LazyValue::Integer(value));
  }
  bool number_unsigned(number_unsigned_t value) {
    if (std::in_range<int64_t>(value)) {
      return Value(LazyValue::Integer(static_cast<int64_t>(value)));
    }
    return Value(LazyValue::Interned(
        values_.Text(ValueKind::kBigInteger, std::to_string(value))));
  }
  bool number_float(number_float_t value, const string_t& text) {
    return Value(Number(value, text));
  }
  bool string(string_t& text) {
    return Value(LazyValue::Interned(InternName(text)));
  }
  bool binary(binary_t&) { return false; }  // JSON has none

  bool start_object(size_t) {
    if (frames_.size() == event_depth_) {
      events_.Begin(LastByte());
      return Open(FrameKind::kOperation);
    }
    return Open(FrameKind::kObject);
  }
  bool key(string_t& name) {
    token_end_ = text_->offset();
    if (frames_.back().kind == FrameKind::kOperation) {
      field_ = InternName(name);
      return true;
    }
    return Push(InternName(name));
  }
  bool end_object() {
    const Frame frame = frames_.back();
    if (frame.kind == FrameKind::kOperation) {
      frames_.pop_back();
      token_end_ = text_->offset();
      events_.End();
      return true;
    }
    const auto entries = std::span(pending_).subspan(frame.first);
    if (!CheckKeys(frame, entries)) return false;
    return Close(values_.Map(entries));
  }
  bool start_array(size_t) {
    const bool is_file = frames_.empty() && event_depth_ > 0;
    return Open(is_file ? FrameKind::kFile : FrameKind::kArray);
  }
  bool end_array() {
    if (frames_.back().kind == FrameKind::kFile) {
      frames_.pop_back();
      return true;
    }
    return Close(
        values_.List(std::span(pending_).subspan(frames_.back().first)));
  }

  bool parse_error(size_t read, const std::string& token,
                   const json::exception& exception) {
    if (text_->offset() - token_end_ > TextCursor::kMaxRun) {
      return Fail(text_->PositionOf(text_->offset()),
                  "a string or number has more than 16 MiB");
    }
    const std::string_view message = exception.what();
    // `read` counts the end of the text, too. A token that is well formed but
    // out of place is named by its first byte, another by the byte that is
    // wrong.
    constexpr int kOutOfRange = 406;
    const bool too_large = exception.id == kOutOfRange;
    const size_t back =
        too_large ? token.size() : OffendingLength(message, token);
    const TextPosition position =
        text_->PositionOf(start_ + read - std::min(read, back));
    return Fail(position,
                too_large ? "the number does not fit a float of 64 bits"
                          : absl::StrCat("this is not JSON: ", Reason(message)),
                message.find("unexpected end") != message.npos
                    ? "is the file cut off?"
                    : "");
  }

 private:
  enum class FrameKind : uint8_t { kFile, kOperation, kObject, kArray };
  struct Frame {
    FrameKind kind;
    size_t first;  // its values on the stack begin here
    TextPosition begin;
  };

  // Where the byte stands that was read last.
  TextPosition LastByte() const {
    return text_->PositionOf(text_->offset() - 1);
  }

  bool Fail(TextPosition position, std::string message, std::string hint = "") {
    error_ = {position, std::move(message), std::move(hint)};
    return false;
  }

  // JSON has one kind of number: programs in languages with floats only write
  // the integer 1 as 1.0, and mean the same value. So a float that is a whole
  // number, and small enough to be one exactly, is that integer.
  LazyValue Number(double value, const std::string& text) {
    constexpr double kMaxExact = 9007199254740992;  // 2^53
    if (text.find_first_of(".eE") == std::string::npos) {
      return LazyValue::Interned(values_.Text(ValueKind::kBigInteger, text));
    }
    if (std::abs(value) <= kMaxExact && std::trunc(value) == value) {
      return LazyValue::Integer(static_cast<int64_t>(value));
    }
    return LazyValue::Interned(values_.Float(value));
  }

  ValueId InternName(const std::string& text) {
    return names_.Find(text, [&](std::string_view unknown) {
      return values_.String(unknown);
    });
  }

  bool Open(FrameKind kind) {
    token_end_ = text_->offset();
    if (frames_.size() == kMaxNesting) {
      return Fail(LastByte(),
                  absl::StrCat("values nest more than ", kMaxNesting, " deep"));
    }
    frames_.push_back({kind, pending_.size(), LastByte()});
    return true;
  }

  bool Close(ValueId value) {
    pending_.resize(frames_.back().first);
    frames_.pop_back();
    return Value(LazyValue::Interned(value));
  }

  bool Push(ValueId value) {
    if (pending_.size() == kMaxPending) {
      return Fail(LastByte(), absl::StrCat("the operation has more than ",
                                           kMaxPending, " values"));
    }
    pending_.push_back(value);
    return true;
  }

  // A finished value goes where it belongs.
  bool Value(LazyValue value) {
    token_end_ = text_->offset();
    if (frames_.size() == event_depth_) return ComplainOf(value);
    if (frames_.back().kind == FrameKind::kOperation) {
      events_.Field(field_, value);
      return true;
    }
    return Push(value.Intern(values_));
  }

  bool ComplainOf(LazyValue value) {
    std::string found;
    const ValueId id = value.Intern(values_);
    AppendJson(values_, id, found);
    if (found.size() > kFoundLength) {
      found = ToShortText(values_, id, kFoundLength);
    }
    events_.Complain(
        "not-an-operation", LastByte(),
        absl::StrCat("an operation should stand here, not ", found),
        std::string(kOperationHint));
    return true;
  }

  bool CheckKeys(const Frame& frame, std::span<const ValueId> entries) {
    sorted_.clear();
    for (size_t i = 0; i < entries.size(); i += 2) {
      sorted_.push_back(entries[i]);
    }
    std::sort(sorted_.begin(), sorted_.end());
    const auto twice = std::adjacent_find(sorted_.begin(), sorted_.end());
    if (twice == sorted_.end()) return true;
    return Fail(
        frame.begin,
        absl::StrCat("the object that begins here has the key ",
                     ToShortText(values_, *twice, kFoundLength), " twice"),
        "keep one of them");
  }

  TextCursor* text_;
  EventAssembler& events_;
  ValueTable& values_;
  size_t event_depth_;
  std::vector<Frame> frames_;
  std::vector<ValueId> pending_;  // the values of all frames
  std::vector<ValueId> sorted_;   // for finding duplicates
  ValueId field_ = kNoValue;      // of the operation, whose value comes next
  NameCache names_;
  uint64_t start_ = 0;      // the offset at which parsing began
  uint64_t token_end_ = 0;  // the offset at which the last token ended
  std::optional<SyntaxError> error_;
};

constexpr std::string_view kJsonSpace = " \t\r\n";

void SkipSpace(TextCursor& text) {
  int c = text.Peek();
  while (c != TextCursor::kEnd &&
         kJsonSpace.find(static_cast<char>(c)) != std::string_view::npos) {
    text.Skip();
    c = text.Peek();
  }
}

}  // namespace

void ReadJsonLines(TextCursor& text, EventAssembler& events) {
  TextCursor line_text("");
  JsonHandler handler(line_text, events, /*in_array=*/false);
  for (;;) {
    const TextPosition begin = text.position();
    const auto line = text.TakeLine();
    if (!line) return;
    if (line->size() == TextCursor::kMaxRun) {
      events.Complain("syntax", begin, "the line has more than 16 MiB",
                      "write one operation a line");
      continue;
    }
    line_text.Reset(*line, begin);
    SkipSpace(line_text);
    if (line_text.Peek() == TextCursor::kEnd) continue;
    if (!handler.Parse()) continue;
    SkipSpace(line_text);
    if (line_text.Peek() != TextCursor::kEnd) {
      events.Complain("syntax", line_text.position(),
                      "more text follows the operation on its line",
                      "write one operation a line");
    }
  }
}

void ReadJson(TextCursor& text, EventAssembler& events) {
  JsonHandler handler(text, events, /*in_array=*/true);
  SkipSpace(text);
  if (text.Peek() != '[') {
    events.Complain("syntax", text.position(), "the text is not a JSON array",
                    "for one object a line, the format is jsonl");
    return;
  }
  if (!handler.Parse()) return;
  SkipSpace(text);
  if (text.Peek() != TextCursor::kEnd) {
    events.Complain("syntax", text.position(),
                    "more text follows the closing bracket",
                    "one file is one recording: one array");
  }
}

}  // namespace minos::history

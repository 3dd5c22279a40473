// An EDN form is read with an explicit stack of the collections that are open,
// so that hostile nesting cannot exhaust the stack of the thread. Finished
// elements lie on a second stack as ids; when a collection closes, its elements
// are the top of that stack, are interned as one value, and are replaced by its
// id. A tag and a discard are frames too: they end with the next finished form,
// which passes through a tag and vanishes in a discard.

#include "history/edn_reader.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "history/edn.h"
#include "history/edn_character.h"
#include "history/edn_number.h"
#include "history/utf8.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

constexpr size_t kNameLength = 40;

constexpr bool IsSpace(int c) {
  return c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\f' ||
         c == '\v';
}

// What symbols, keywords and numbers consist of; wider than the standard, as
// programs print wider names.
constexpr ByteSet MakeTokenBytes() {
  ByteSet set{};
  for (int c = 0; c < 256; ++c) {
    set[c] = c > ' ' && c != 0x7F && c != '(' && c != ')' && c != '[' &&
             c != ']' && c != '{' && c != '}' && c != '"' && c != ';' &&
             c != ',' && c != '\\' && c != '@' && c != '^' && c != '`' &&
             c != '~';
  }
  return set;
}

// What stands in a string without further ado.
constexpr ByteSet MakeStringBytes() {
  ByteSet set{};
  for (int c = 0; c < 256; ++c) set[c] = c != '"' && c != '\\' && c != '\n';
  return set;
}

constexpr ByteSet MakeLineBytes() {
  ByteSet set{};
  for (int c = 0; c < 256; ++c) set[c] = c != '\n';
  return set;
}

constexpr ByteSet kTokenBytes = MakeTokenBytes();
constexpr ByteSet kStringBytes = MakeStringBytes();
constexpr ByteSet kLineBytes = MakeLineBytes();

constexpr bool IsDigit(int c) { return c >= '0' && c <= '9'; }

constexpr bool IsClosing(int c) { return c == ']' || c == ')' || c == '}'; }

std::string At(TextPosition position) {
  return absl::StrCat(position.line, ":", position.column);
}

std::string DescribeByte(int c) {
  if (c > ' ' && c < 0x7F) return absl::StrFormat("`%c`", c);
  return absl::StrFormat("the byte 0x%02x", c);
}

}  // namespace

EdnReader::EdnReader(TextCursor& text, ValueTable& values)
    : text_(text), values_(values) {}

bool EdnReader::Fail(TextPosition position, std::string message,
                     std::string hint) {
  error_ = {position, std::move(message), std::move(hint)};
  frames_.clear();
  pending_.clear();
  return false;
}

std::string EdnReader::Describe(const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::kVector:
      return "vector";
    case FrameKind::kList:
      return "list";
    case FrameKind::kMap:
      return "map";
    case FrameKind::kSet:
      return "set";
    case FrameKind::kTag:
      return "tag";
    case FrameKind::kDiscard:
      return "discard `#_`";
  }
  return "";
}

bool EdnReader::FailUnclosed() {
  const Frame frame = frames_.back();
  const bool is_prefix =
      frame.kind == FrameKind::kTag || frame.kind == FrameKind::kDiscard;
  return Fail(
      text_.position(),
      absl::StrCat("the ", Describe(frame), " that begins at ", At(frame.begin),
                   is_prefix ? " stands before no form" : " is not closed"),
      "is the file cut off?");
}

bool EdnReader::FailUnexpected() {
  const int c = text_.Peek();
  return Fail(text_.position(),
              absl::StrCat(DescribeByte(c), " does not begin an EDN form"));
}

bool EdnReader::SkipSpace() {
  for (;;) {
    const int c = text_.Peek();
    if (c == '\n' || IsSpace(c)) {
      text_.Skip();
    } else if (c != ';') {
      return true;
    } else if (!SkipComment()) {
      return false;
    }
  }
}

bool EdnReader::SkipComment() {
  while (text_.Peek() != TextCursor::kEnd && text_.Peek() != '\n') {
    const TextPosition begin = text_.position();
    if (!CheckRun(begin, text_.TakeWhile(kLineBytes))) return false;
  }
  return true;
}

bool EdnReader::SkipBlank() {
  for (;;) {
    if (!SkipSpace()) return false;
    if (text_.Peek() != '#' || !text_.Lookahead(2).starts_with("#_")) {
      return true;
    }
    LazyValue discarded;
    if (!Run(discarded)) return false;
  }
}

bool EdnReader::SkipTags() {
  for (;;) {
    if (!SkipBlank()) return false;
    if (text_.Peek() != '#') return true;
    const std::string_view ahead = text_.Lookahead(2);
    if (ahead.starts_with("#{") || ahead.starts_with("##")) return true;
    const TextPosition begin = text_.position();
    text_.Skip();
    if (!SkipTagName(begin)) return false;
    if (!SkipBlank()) return false;
    if (const int c = text_.Peek(); c == TextCursor::kEnd || IsClosing(c)) {
      return Fail(text_.position(),
                  absl::StrCat("the tag that begins at ", At(begin),
                               " stands before no form"));
    }
  }
}

bool EdnReader::SkipTagName(TextPosition begin) {
  const int c = text_.Peek();
  const bool is_name =
      c != TextCursor::kEnd && kTokenBytes[c] && !IsDigit(c) && c != '#';
  if (!is_name) {
    return Fail(begin, "`#` is followed by no tag, set or discard",
                "EDN has #tag form, #{set} and #_discarded");
  }
  std::string_view name;
  return TakeToken(name);
}

bool EdnReader::Read(LazyValue& form) {
  if (!SkipBlank()) return false;
  if (text_.Peek() == TextCursor::kEnd) {
    return Fail(text_.position(), "the text ends where a form should begin");
  }
  // Most forms are scalars, which need no frame.
  const int c = text_.Peek();
  if (c == ':') return ReadKeyword(form);
  if (c != '#' && kTokenBytes[c]) return ReadToken(form);
  return Run(form);
}

bool EdnReader::Run(LazyValue& form) {
  for (;;) {
    if (!SkipSpace()) return false;
    const Step step = Next(form);
    if (step == Step::kError) return false;
    if (step == Step::kOpened) continue;
    while (!frames_.empty() && frames_.back().kind == FrameKind::kTag) {
      frames_.pop_back();
    }
    if (frames_.empty()) return true;
    if (frames_.back().kind == FrameKind::kDiscard) {
      frames_.pop_back();
      if (frames_.empty()) return true;
      continue;
    }
    if (pending_.size() == kMaxPending) {
      return Fail(text_.position(), absl::StrCat("the form has more than ",
                                                 kMaxPending, " values"));
    }
    pending_.push_back(form.Intern(values_));
  }
}

EdnReader::Step EdnReader::Next(LazyValue& form) {
  const auto step = [](bool ok) { return ok ? Step::kValue : Step::kError; };
  const auto opened = [](bool ok) { return ok ? Step::kOpened : Step::kError; };
  const int c = text_.Peek();
  switch (c) {
    case TextCursor::kEnd:
      return step(FailUnclosed());
    case '[':
      return opened(OpenBracket(FrameKind::kVector));
    case '(':
      return opened(OpenBracket(FrameKind::kList));
    case '{':
      return opened(OpenBracket(FrameKind::kMap));
    case ']':
    case ')':
    case '}':
      return step(Close(c, form));
    case '#':
      return ReadDispatch(form);
    case '"':
      return step(ReadString(form));
    case '\\':
      return step(ReadCharacter(form));
    case ':':
      return step(ReadKeyword(form));
    default:
      return step(ReadToken(form));
  }
}

bool EdnReader::OpenBracket(FrameKind kind) {
  const TextPosition begin = text_.position();
  text_.Skip();
  return Open(kind, begin);
}

bool EdnReader::Open(FrameKind kind, TextPosition begin) {
  if (frames_.size() == kMaxNesting) {
    return Fail(begin,
                absl::StrCat("forms nest more than ", kMaxNesting, " deep"));
  }
  frames_.push_back({kind, pending_.size(), begin});
  return true;
}

bool EdnReader::Close(int bracket, LazyValue& form) {
  if (frames_.empty()) {
    return Fail(text_.position(),
                absl::StrFormat("`%c` closes nothing", bracket));
  }
  const Frame frame = frames_.back();
  int expected = '}';
  if (frame.kind == FrameKind::kVector) expected = ']';
  if (frame.kind == FrameKind::kList) expected = ')';
  if (frame.kind == FrameKind::kTag || frame.kind == FrameKind::kDiscard) {
    return FailUnclosed();
  }
  if (bracket != expected) {
    return Fail(
        text_.position(),
        absl::StrFormat("`%c` stands where `%c` should close the %s "
                        "that begins at %s",
                        bracket, expected, Describe(frame), At(frame.begin)));
  }
  bool ok = true;
  if (frame.kind == FrameKind::kMap) {
    ok = CloseMap(frame, form);
  } else if (frame.kind == FrameKind::kSet) {
    ok = CloseSet(frame, form);
  } else {
    form = LazyValue::Interned(
        values_.List(std::span(pending_).subspan(frame.first)));
  }
  if (!ok) return false;
  text_.Skip();
  pending_.resize(frame.first);
  frames_.pop_back();
  return true;
}

bool EdnReader::CloseMap(const Frame& frame, LazyValue& form) {
  const auto entries = std::span(pending_).subspan(frame.first);
  if (entries.size() % 2 != 0) {
    return Fail(
        text_.position(),
        absl::StrCat("the map that begins at ", At(frame.begin),
                     " has a key without a value: ",
                     ToShortText(values_, entries.back(), kNameLength)));
  }
  sorted_.clear();
  for (size_t i = 0; i < entries.size(); i += 2) sorted_.push_back(entries[i]);
  std::sort(sorted_.begin(), sorted_.end());
  const auto twice = std::adjacent_find(sorted_.begin(), sorted_.end());
  if (twice != sorted_.end()) {
    return Fail(
        frame.begin,
        absl::StrCat("the map that begins here has the key ",
                     ToShortText(values_, *twice, kNameLength), " twice"));
  }
  form = LazyValue::Interned(values_.Map(entries));
  return true;
}

bool EdnReader::CloseSet(const Frame& frame, LazyValue& form) {
  const auto elements = std::span(pending_).subspan(frame.first);
  sorted_.assign(elements.begin(), elements.end());
  std::sort(sorted_.begin(), sorted_.end());
  const auto twice = std::adjacent_find(sorted_.begin(), sorted_.end());
  if (twice != sorted_.end()) {
    return Fail(
        frame.begin,
        absl::StrCat("the set that begins here has the element ",
                     ToShortText(values_, *twice, kNameLength), " twice"));
  }
  form = LazyValue::Interned(values_.Set(sorted_));
  return true;
}

EdnReader::Step EdnReader::ReadDispatch(LazyValue& form) {
  const TextPosition begin = text_.position();
  text_.Skip();
  switch (text_.Peek()) {
    case '{':
      text_.Skip();
      return Open(FrameKind::kSet, begin) ? Step::kOpened : Step::kError;
    case '_':
      text_.Skip();
      return Open(FrameKind::kDiscard, begin) ? Step::kOpened : Step::kError;
    case '#':
      text_.Skip();
      return ReadSymbolicFloat(begin, form) ? Step::kValue : Step::kError;
    default:
      if (!SkipTagName(begin)) return Step::kError;
      return Open(FrameKind::kTag, begin) ? Step::kOpened : Step::kError;
  }
}

bool EdnReader::ReadSymbolicFloat(TextPosition begin, LazyValue& form) {
  std::string_view name;
  if (!TakeToken(name)) return false;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double value = 0;
  if (name == "Inf") {
    value = kInfinity;
  } else if (name == "-Inf") {
    value = -kInfinity;
  } else if (name == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    return Fail(begin, "`##` is followed by none of Inf, -Inf and NaN");
  }
  form = LazyValue::Interned(values_.Float(value));
  return true;
}

// Checks a run of bytes that began at `begin`, on the line where it ended.
bool EdnReader::CheckRun(TextPosition begin, std::string_view run) {
  const size_t invalid = FindInvalidUtf8(run);
  if (invalid != std::string_view::npos) {
    begin.column += static_cast<uint32_t>(invalid);
    return Fail(begin,
                absl::StrFormat("the byte 0x%02x is not valid UTF-8 here",
                                static_cast<unsigned char>(run[invalid])),
                "recordings are UTF-8 text");
  }
  if (run.size() >= TextCursor::kMaxRun) {
    return Fail(begin, "the text that begins here has more than 16 MiB");
  }
  return true;
}

bool EdnReader::ReadString(LazyValue& form) {
  const TextPosition begin = text_.position();
  text_.Skip();
  string_.clear();
  for (;;) {
    const TextPosition run_begin = text_.position();
    const std::string_view run = text_.TakeWhile(kStringBytes);
    if (!CheckRun(run_begin, run)) return false;
    const int c = text_.Peek();
    if (c == '"' && string_.empty()) {
      form = LazyValue::Interned(values_.String(run));
      text_.Skip();
      return true;
    }
    string_.append(run);
    if (string_.size() >= TextCursor::kMaxRun) {
      return Fail(begin, "the string that begins here has more than 16 MiB");
    }
    if (c == TextCursor::kEnd) {
      return Fail(text_.position(),
                  absl::StrCat("the string that begins at ", At(begin),
                               " is not closed"),
                  "is the file cut off?");
    }
    if (c == '\\') {
      if (!ReadEscape()) return false;
      continue;
    }
    if (c == '\n') string_.push_back('\n');
    text_.Skip();
    if (c == '"') break;
  }
  form = LazyValue::Interned(values_.String(string_));
  return true;
}

bool EdnReader::ReadEscape() {
  const TextPosition begin = text_.position();
  text_.Skip();
  const int c = text_.Peek();
  constexpr std::string_view kLetters = "tnrbf\"\\/";
  constexpr std::string_view kMeanings = "\t\n\r\b\f\"\\/";
  const size_t known = c == TextCursor::kEnd
                           ? std::string_view::npos
                           : kLetters.find(static_cast<char>(c));
  if (known != std::string_view::npos) {
    string_.push_back(kMeanings[known]);
    text_.Skip();
    return true;
  }
  if (c != 'u') {
    return Fail(begin, "a string has an unknown escape",
                "EDN has \\t \\n \\r \\b \\f \\\" \\\\ and \\uXXXX");
  }
  text_.Skip();
  uint32_t unit = 0;
  if (!ReadUnicodeEscape(begin, unit)) return false;
  if (unit >= 0xD800 && unit < 0xDC00 &&
      text_.Lookahead(2).starts_with("\\u")) {
    text_.Skip();
    text_.Skip();
    uint32_t low = 0;
    if (!ReadUnicodeEscape(begin, low)) return false;
    if (low >= 0xDC00 && low < 0xE000) {
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
  }
  if (unit >= 0xD800 && unit < 0xE000) {
    return Fail(begin, "half of a surrogate pair stands alone");
  }
  AppendUtf8(unit, string_);
  return true;
}

bool EdnReader::ReadUnicodeEscape(TextPosition begin, uint32_t& code_unit) {
  code_unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int c = text_.Peek();
    uint32_t digit = 0;
    if (IsDigit(c)) {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return Fail(begin, "`\\u` is not followed by four hexadecimal digits");
    }
    code_unit = code_unit * 16 + digit;
    text_.Skip();
  }
  return true;
}

bool EdnReader::ReadCharacter(LazyValue& form) {
  const TextPosition begin = text_.position();
  text_.Skip();
  const int c = text_.Peek();
  if (c == TextCursor::kEnd || c == '\n' || IsSpace(c)) {
    return Fail(begin, "`\\` is followed by no character");
  }
  // A character that no token may hold, such as a bracket, stands alone.
  std::string_view name;
  char alone = static_cast<char>(c);
  if (kTokenBytes[c]) {
    if (!TakeToken(name)) return false;
  } else {
    name = {&alone, 1};
    text_.Skip();
  }
  std::string character;
  if (!DecodeCharacter(begin, name, character)) return false;
  form = LazyValue::Interned(values_.Text(ValueKind::kCharacter, character));
  return true;
}

// The character that stands as `name` behind the backslash at `begin`.
bool EdnReader::DecodeCharacter(TextPosition begin, std::string_view name,
                                std::string& character) {
  if (Utf8Length(static_cast<unsigned char>(name[0])) == name.size()) {
    character = name;
    return true;
  }
  for (const NamedCharacter& named : kNamedCharacters) {
    if (named.name != name) continue;
    character = named.character;
    return true;
  }
  if (name[0] != 'u' || name.size() != 5) {
    return Fail(begin,
                absl::StrCat("no character is called `\\",
                             std::string(name.substr(0, kNameLength)), "`"),
                "EDN has \\newline \\space \\tab \\return \\backspace "
                "\\formfeed, \\uXXXX, and single characters");
  }
  TextCursor digits(name.substr(1));
  EdnReader reader(digits, values_);
  uint32_t unit = 0;
  if (!reader.ReadUnicodeEscape(begin, unit)) {
    return Fail(begin, reader.error().message);
  }
  if (unit >= 0xD800 && unit < 0xE000) {
    return Fail(begin, "half of a surrogate pair is no character");
  }
  AppendUtf8(unit, character);
  return true;
}

bool EdnReader::TakeToken(std::string_view& token) {
  const uint64_t begin = text_.offset();
  token = text_.TakeWhile(kTokenBytes);
  if (token.size() < TextCursor::kMaxRun && IsAscii(token)) return true;
  return CheckRun(text_.PositionOf(begin), token);
}

bool EdnReader::ReadKeyword(LazyValue& form) {
  const uint64_t begin = text_.offset();
  std::string_view token;
  if (!TakeToken(token)) return false;
  const std::string_view name = token.substr(1);
  if (name.empty() || name.front() == ':') {
    return Fail(text_.PositionOf(begin), "`:` is followed by no name");
  }
  form =
      LazyValue::Interned(keywords_.Find(name, [&](std::string_view unknown) {
        return values_.Keyword(unknown);
      }));
  return true;
}

bool EdnReader::ReadToken(LazyValue& form) {
  if (!kTokenBytes[text_.Peek()]) return FailUnexpected();
  const uint64_t begin = text_.offset();
  std::string_view token;
  if (!TakeToken(token)) return false;
  // Digits only, and few enough to fit: the way nearly all numbers are.
  if (token.size() <= 18 && token[0] >= '1' && token[0] <= '9') {
    int64_t integer = 0;
    size_t i = 0;
    for (; i < token.size() && IsDigit(token[i]); ++i) {
      integer = integer * 10 + (token[i] - '0');
    }
    if (i == token.size()) {
      form = LazyValue::Integer(integer);
      return true;
    }
  }
  const bool has_sign = token[0] == '-' || token[0] == '+';
  if (IsDigit(token[0]) ||
      (has_sign && token.size() > 1 && IsDigit(token[1]))) {
    std::string reason;
    if (ParseEdnNumber(token, values_, form, reason)) return true;
    return Fail(text_.PositionOf(begin),
                absl::StrCat("`", std::string(token.substr(0, kNameLength)),
                             "`: ", reason));
  }
  if (token == "nil") {
    form = LazyValue::Interned(kNil);
  } else if (token == "true") {
    form = LazyValue::Interned(kTrue);
  } else if (token == "false") {
    form = LazyValue::Interned(kFalse);
  } else {
    form = LazyValue::Interned(values_.Text(ValueKind::kSymbol, token));
  }
  return true;
}

size_t EdnReader::MemoryBytes() const {
  return (pending_.capacity() + sorted_.capacity()) * sizeof(ValueId) +
         string_.capacity();
}

}  // namespace minos::history

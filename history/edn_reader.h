// Reads EDN forms from a stream and interns them bottom-up, without a tree.

#ifndef MINOS_HISTORY_EDN_READER_H_
#define MINOS_HISTORY_EDN_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "history/lazy_value.h"
#include "history/name_cache.h"
#include "history/text_cursor.h"
#include "history/text_position.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::history {

class EdnReader {
 public:
  // More values than this in one unfinished form are an error.
  static constexpr size_t kMaxPending = size_t{1} << 24;

  // Both must outlive the reader.
  EdnReader(TextCursor& text, ValueTable& values);

  // Steps over white space, comments and discarded forms. False on a syntax
  // error, as for all below.
  bool SkipBlank();
  // Steps over the tags before a form (`#foo {` becomes `{`), and what
  // SkipBlank skips.
  bool SkipTags();
  // Reads one form. An error if there is none before the end of the text.
  bool Read(LazyValue& form);

  // Why the last method returned false.
  const SyntaxError& error() const { return error_; }
  // Makes `message` the error; returns false.
  bool Fail(TextPosition position, std::string message, std::string hint = "");

  size_t MemoryBytes() const;

 private:
  enum class FrameKind : uint8_t { kVector, kList, kMap, kSet, kTag, kDiscard };
  // A form that has begun.
  struct Frame {
    FrameKind kind;
    size_t first;  // its values on the stack begin here
    TextPosition begin;
  };
  enum class Step : uint8_t { kValue, kOpened, kError };

  static std::string Describe(const Frame& frame);
  bool SkipSpace();
  bool SkipComment();
  bool SkipTagName(TextPosition begin);
  // Reads until a form (kNoValue: a discarded one) stands on no frame.
  bool Run(LazyValue& form);
  Step Next(LazyValue& form);
  bool OpenBracket(FrameKind kind);
  bool Open(FrameKind kind, TextPosition begin);
  bool Close(int bracket, LazyValue& form);
  bool CloseMap(const Frame& frame, LazyValue& form);
  bool CloseSet(const Frame& frame, LazyValue& form);
  Step ReadDispatch(LazyValue& form);
  bool ReadSymbolicFloat(TextPosition begin, LazyValue& form);
  bool ReadString(LazyValue& form);
  bool ReadEscape();
  bool ReadUnicodeEscape(TextPosition begin, uint32_t& code_unit);
  bool ReadCharacter(LazyValue& form);
  bool DecodeCharacter(TextPosition begin, std::string_view name,
                       std::string& character);
  bool ReadKeyword(LazyValue& form);
  bool ReadToken(LazyValue& form);
  bool TakeToken(std::string_view& token);
  bool CheckRun(TextPosition begin, std::string_view run);
  bool FailUnclosed();
  bool FailUnexpected();

  TextCursor& text_;
  ValueTable& values_;
  std::vector<Frame> frames_;
  std::vector<ValueId> pending_;  // the values of all frames
  std::vector<ValueId> sorted_;   // for finding duplicates
  std::string string_;            // a string with escapes
  NameCache keywords_;
  SyntaxError error_;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_EDN_READER_H_

// Walks over the bytes of a text that need not fit into memory, and knows at
// every moment on which line and column it stands.

#ifndef MINOS_HISTORY_TEXT_CURSOR_H_
#define MINOS_HISTORY_TEXT_CURSOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "history/byte_source.h"
#include "history/text_position.h"

namespace minos::history {

// A set of bytes, for scanning.
using ByteSet = std::array<bool, 256>;

class TextCursor {
 public:
  // What Peek returns at the end of the text.
  static constexpr int kEnd = -1;
  // The longest string, token or line that is read, in bytes. Longer ones are
  // errors, so that one line cannot exhaust the memory.
  static constexpr size_t kMaxRun = size_t{16} << 20;

  // Reads `text`, which must outlive the cursor and begins at `start`.
  explicit TextCursor(std::string_view text, TextPosition start = {1, 1});
  // Reads `source`, which must outlive the cursor, a piece at a time.
  explicit TextCursor(ByteSource& source);
  // Starts again with another text. REQUIRES: made of a text.
  void Reset(std::string_view text, TextPosition start);
  TextCursor(const TextCursor&) = delete;
  TextCursor& operator=(const TextCursor&) = delete;

  // The next byte, 0 … 255, or kEnd.
  int Peek() {
    if (at_ == end_ && !Refill()) return kEnd;
    return static_cast<unsigned char>(*at_);
  }
  // Steps over the next byte. REQUIRES: Peek() != kEnd.
  void Skip() {
    if (*at_ == '\n') StartLine(at_ + 1);
    ++at_;
  }
  // Steps over bytes while they are in `set`, and returns them; valid until
  // the cursor moves. `set` must not hold '\n'. Stops after kMaxRun bytes.
  std::string_view TakeWhile(const ByteSet& set) {
    const char* const start = at_;
    while (at_ != end_ && set[static_cast<unsigned char>(*at_)]) ++at_;
    if (at_ != end_) return {start, static_cast<size_t>(at_ - start)};
    return TakeAcrossPieces(start, set);
  }
  // The next min(size, what is left) bytes, or somewhat more; valid until the
  // cursor moves. REQUIRES: size <= kPiece.
  std::string_view Lookahead(size_t size);
  // Steps over one line and returns it without its end ('\n' or "\r\n"); valid
  // until the cursor moves. nullopt at the end of the text. A line longer than
  // kMaxRun is cut there, and the rest is stepped over.
  std::optional<std::string_view> TakeLine();
  // Steps over what is left of this line, and over its end.
  void SkipLine();

  // Where the next byte stands.
  TextPosition position() const { return PositionOf(offset()); }
  // Where the byte at `offset` stands. REQUIRES: it is on this line or on the
  // line before it, or the text begins on this line.
  TextPosition PositionOf(uint64_t offset) const;
  // How many bytes were stepped over.
  uint64_t offset() const { return base_ + (at_ - begin_); }
  // Why the text ended before its end, if it did: what the source returned.
  const absl::Status& status() const { return status_; }
  size_t MemoryBytes() const { return buffer_.size() + carried_.capacity(); }

  static constexpr size_t kPiece = size_t{64} << 10;

 private:
  bool Refill();
  // Appends a piece to what is unread; false at the end.
  bool Extend();
  std::string_view TakeAcrossPieces(const char* start, const ByteSet& set);
  void StartLine(const char* first_byte) {
    ++line_;
    previous_line_offset_ = line_offset_;
    line_offset_ = static_cast<int64_t>(base_) + (first_byte - begin_);
  }

  ByteSource* source_ = nullptr;
  std::vector<char> buffer_;
  std::string carried_;  // a run that lies across pieces
  const char* begin_;    // of the piece
  const char* at_;
  const char* end_;
  uint64_t base_ = 0;  // the offset of begin_ in the text
  uint32_t line_ = 1;
  // The offset at which this line began; below 0 where a text starts in
  // the middle of a line.
  int64_t line_offset_ = 0;
  int64_t previous_line_offset_ = 0;
  absl::Status status_;
};

}  // namespace minos::history

#endif  // MINOS_HISTORY_TEXT_CURSOR_H_

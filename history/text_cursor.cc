#include "history/text_cursor.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace minos::history {

TextCursor::TextCursor(std::string_view text, TextPosition start) {
  Reset(text, start);
}

void TextCursor::Reset(std::string_view text, TextPosition start) {
  begin_ = at_ = text.data();
  end_ = begin_ + text.size();
  base_ = 0;
  line_ = start.line;
  line_offset_ = int64_t{1} - start.column;
}

TextCursor::TextCursor(ByteSource& source)
    : source_(&source),
      buffer_(kPiece),
      begin_(buffer_.data()),
      at_(begin_),
      end_(begin_) {}

bool TextCursor::Refill() {
  if (source_ == nullptr) return false;
  base_ += end_ - begin_;
  at_ = end_ = begin_ = buffer_.data();
  return Extend();
}

bool TextCursor::Extend() {
  if (source_ == nullptr || !status_.ok()) return false;
  if (at_ != begin_) {
    base_ += at_ - begin_;
    const size_t unread = end_ - at_;
    std::memmove(buffer_.data(), at_, unread);
    at_ = begin_ = buffer_.data();
    end_ = at_ + unread;
  }
  const size_t used = end_ - begin_;
  if (buffer_.size() - used < kPiece) {
    buffer_.resize(std::max(used + kPiece, used * 2));
    at_ = begin_ = buffer_.data();
    end_ = begin_ + used;
  }
  absl::StatusOr<size_t> read = source_->Read(buffer_.data() + used, kPiece);
  if (!read.ok()) {
    status_ = read.status();
    return false;
  }
  end_ += *read;
  return *read > 0;
}

std::string_view TextCursor::TakeAcrossPieces(const char* start,
                                              const ByteSet& set) {
  if (source_ == nullptr) return {start, static_cast<size_t>(at_ - start)};
  carried_.assign(start, end_);
  while (carried_.size() < kMaxRun && Refill()) {
    const char* const from = at_;
    while (at_ != end_ && set[static_cast<unsigned char>(*at_)]) ++at_;
    carried_.append(from, at_);
    if (at_ != end_) break;
  }
  return carried_;
}

std::string_view TextCursor::Lookahead(size_t size) {
  while (static_cast<size_t>(end_ - at_) < size && Extend()) {
  }
  return {at_, static_cast<size_t>(end_ - at_)};
}

std::optional<std::string_view> TextCursor::TakeLine() {
  size_t searched = 0;
  const char* newline = nullptr;
  for (;;) {
    const size_t unread = end_ - at_;
    newline = static_cast<const char*>(
        std::memchr(at_ + searched, '\n', unread - searched));
    if (newline != nullptr || unread > kMaxRun) break;
    searched = unread;
    if (!Extend()) break;
  }
  if (at_ == end_) return std::nullopt;
  const char* const start = at_;
  at_ = newline == nullptr ? end_ : newline;
  std::string_view line(start, at_ - start);
  if (line.size() > kMaxRun) {
    // The cut line is kept aside, since stepping on moves the piece.
    carried_.assign(line.substr(0, kMaxRun));
    SkipLine();
    return carried_;
  }
  if (newline != nullptr) Skip();
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void TextCursor::SkipLine() {
  while (at_ != end_ || Refill()) {
    const auto* newline =
        static_cast<const char*>(std::memchr(at_, '\n', end_ - at_));
    at_ = newline == nullptr ? end_ : newline;
    if (newline == nullptr) continue;
    Skip();
    return;
  }
}

TextPosition TextCursor::PositionOf(uint64_t offset) const {
  const auto at = static_cast<int64_t>(offset);
  const bool on_this_line = at >= line_offset_;
  const int64_t column =
      at - (on_this_line ? line_offset_ : previous_line_offset_) + 1;
  constexpr int64_t kMax = std::numeric_limits<uint32_t>::max();
  return {on_this_line ? line_ : line_ - 1,
          static_cast<uint32_t>(std::min(column, kMax))};
}

}  // namespace minos::history

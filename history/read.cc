#include "history/read.h"

#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/byte_source.h"
#include "history/detect_format.h"
#include "history/event_assembler.h"
#include "history/format_readers.h"
#include "history/history_builder.h"
#include "history/parallel_lines.h"
#include "history/text_cursor.h"

namespace minos::history {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kHeadBytes = TextCursor::kPiece;
// The most text and elements that a ValueTable holds.
constexpr size_t kMaxBytes = size_t{1} << 36;
// Ids of values are 32 bits, two of which are taken.
constexpr size_t kMaxValues = 0xFFFFFF00u;

// Keeps the promises of ReadOptions: it looks at the budget before each piece
// of the file, since what a piece can add is bounded.
class MeteredSource final : public ByteSource {
 public:
  MeteredSource(ByteSource& source, HistoryBuilder& builder,
                const ReadOptions& options)
      : source_(source), builder_(builder), options_(options) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    for (;;) {
      // A piece holds fewer values than bytes.
      absl::Status status = Check(TextCursor::kPiece, 0);
      if (!status.ok()) return status;
      if (options_.watcher && !options_.watcher(builder_)) return 0;
      absl::StatusOr<size_t> count = source_.Read(buffer, size);
      if (!absl::IsUnavailable(count.status())) return count;
    }
  }

  // Whether up to `values` further values may be read, where `held` bytes are
  // occupied beside the history.
  absl::Status Check(size_t values, size_t held) const {
    if (options_.interrupted != nullptr && options_.interrupted->load()) {
      return absl::CancelledError("reading was interrupted");
    }
    const size_t bytes =
        builder_.MemoryBytes() + builder_.GrowthBytes(values) + held;
    if (options_.memory_bytes && bytes > *options_.memory_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the history takes more than ", *options_.memory_bytes,
                       " bytes of memory"));
    }
    if (options_.resident_bytes != nullptr &&
        options_.resident_bytes() + builder_.GrowthBytes(values) >
            options_.resident_limit) {
      return absl::ResourceExhaustedError(
          absl::StrCat("reading takes more than ", options_.resident_limit,
                       " bytes of memory"));
    }
    if (bytes > kMaxBytes) {
      return absl::ResourceExhaustedError(
          "the history takes more than 64 GiB of memory");
    }
    if (builder_.value_count() > kMaxValues) {
      return absl::ResourceExhaustedError(
          "the history has more than 4 billion different values");
    }
    return absl::OkStatus();
  }

 private:
  ByteSource& source_;
  HistoryBuilder& builder_;
  const ReadOptions& options_;
};

void ReadAs(Format format, TextCursor& text, HistoryBuilder& builder) {
  EventAssembler events(builder);
  switch (format) {
    case Format::kJsonLines:
      return ReadJsonLines(text, events);
    case Format::kJson:
      return ReadJson(text, events);
    case Format::kEdn:
      return ReadEdn(text, events);
    case Format::kJepsenLog:
      return ReadJepsenLog(text, events);
    case Format::kHistoryTxt:
      return ReadHistoryTxt(text, events);
  }
}

// The format shows in the first bytes after these.
void SkipMarkAndSpace(TextCursor& text) {
  if (text.Lookahead(kByteOrderMark.size()).starts_with(kByteOrderMark)) {
    for (size_t i = 0; i < kByteOrderMark.size(); ++i) text.Skip();
  }
  constexpr std::string_view kSpace = " \t\r\n";
  int c = text.Peek();
  while (c != TextCursor::kEnd &&
         kSpace.find(static_cast<char>(c)) != std::string_view::npos) {
    text.Skip();
    c = text.Peek();
  }
}

// What the format is told from. Who watches does not wait for more than a line.
std::string_view Head(TextCursor& text, const ReadOptions& options) {
  if (!options.watcher) return text.Lookahead(kHeadBytes);
  std::string_view head = text.Lookahead(1);
  while (head.find('\n') == head.npos && head.size() < kHeadBytes) {
    const size_t size = head.size();
    head = text.Lookahead(size + 1);
    if (head.size() == size) break;
  }
  return head;
}

Recording Finish(HistoryBuilder builder, Format format) {
  builder.Finish();
  Recording recording;
  recording.format = format;
  recording.problems = builder.problems();
  recording.problem_count = builder.problem_count();
  recording.has_errors = builder.has_errors();
  recording.history = std::move(builder).Build();
  return recording;
}

}  // namespace

absl::StatusOr<Recording> ReadHistory(const std::string& path,
                                      const ReadOptions& options) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenByteSource(path);
  if (!source.ok()) return source.status();
  return ReadHistory(**source, path, options);
}

absl::StatusOr<Recording> ReadHistory(ByteSource& source,
                                      const std::string& name,
                                      const ReadOptions& options) {
  HistoryBuilder builder(name);
  MeteredSource metered(source, builder, options);
  TextCursor text(metered);
  SkipMarkAndSpace(text);
  const std::string_view head = Head(text, options);
  if (!text.status().ok()) return text.status();
  Problem problem;
  const std::optional<Format> found = DetectFormat(head, problem);
  const std::optional<Format> format =
      options.format && !head.empty() ? options.format : found;
  if (!format) {
    builder.Report(problem);
    return Finish(std::move(builder), Format::kJsonLines);
  }
  if (*format == Format::kJsonLines && options.jobs > 1 && !options.watcher) {
    const absl::Status status = ReadJsonLinesInParallel(
        text, builder, options.jobs, [&](size_t values, size_t held) {
          return metered.Check(values, held);
        });
    if (!status.ok()) return status;
  } else {
    ReadAs(*format, text, builder);
  }
  if (!text.status().ok()) return text.status();
  if (builder.size() == 0 && builder.problem_count() == 0) {
    builder.Report({Severity::kWarning,
                    "empty",
                    {1, 1},
                    "the recording has no operations",
                    "was anything recorded?"});
  }
  return Finish(std::move(builder), *format);
}

}  // namespace minos::history

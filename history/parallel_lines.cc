// The text is cut into chunks of whole lines. A thread reads a chunk into a
// batch, with a table of values of its own; the first thread adds the batches
// to the sink in the order of the file. It interns the values of a batch in the
// order in which they were met there first, so each value is interned in the
// order in which it is met first in the file, and has the same id as if one
// thread had read all. A chunk in which something is wrong is read once more,
// straight into the sink: then messages, too, are the same.
//
// The first thread also reads chunks where there is nothing to be added: the
// next one straight into the sink, others into batches.

#include "history/parallel_lines.h"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "history/event_assembler.h"
#include "history/event_batch.h"
#include "history/format_readers.h"
#include "history/text_position.h"

namespace minos::history {
namespace {

constexpr size_t kChunkBytes = size_t{128} << 10;
// What a chunk and its batch occupy, in bytes a byte of text, at most about.
constexpr size_t kBytesAByte = 4;
// How many chunks there are at once, for each thread.
constexpr size_t kChunksAJob = 3;

// Some lines of the file.
struct Chunk {
  enum class State : uint8_t { kWaiting, kTaken, kDone };
  TextPosition begin;
  std::string text;
  State state = State::kWaiting;
  EventBatch batch;
};

void ReadInto(const Chunk& chunk, EventAssembler& events) {
  TextCursor text(chunk.text, chunk.begin);
  ReadJsonLines(text, events);
}

class ParallelReader {
 public:
  ParallelReader(TextCursor& text, EventSink& sink, size_t jobs,
                 const ReadingCheck& check)
      : text_(text),
        sink_(sink),
        events_(sink),
        check_(check),
        most_chunks_(jobs * kChunksAJob) {
    for (size_t i = 1; i < jobs; ++i) {
      workers_.emplace_back([this] { Work(); });
    }
  }

  ~ParallelReader() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    has_changed_.notify_all();
  }
  ParallelReader(const ParallelReader&) = delete;
  ParallelReader& operator=(const ParallelReader&) = delete;

  absl::Status Run() {
    Fill();
    while (!chunks_.empty()) {
      if (absl::Status status = TakeTurn(); !status.ok()) return status;
      Fill();
    }
    return absl::OkStatus();
  }

 private:
  void Work();
  void Fill();
  std::unique_ptr<Chunk> Cut();
  Chunk* FirstWaiting();
  absl::Status TakeTurn();
  void ReadAhead(Chunk& chunk);

  TextCursor& text_;
  EventSink& sink_;
  EventAssembler events_;
  const ReadingCheck& check_;
  size_t most_chunks_;
  size_t held_bytes_ = 0;  // the texts of all chunks
  bool is_at_end_ = false;

  std::mutex mutex_;
  std::condition_variable has_changed_;
  // In the order of the file. The first thread changes it; all look at it, and
  // change the states, under the lock.
  std::deque<std::unique_ptr<Chunk>> chunks_;
  bool is_over_ = false;
  std::vector<std::jthread> workers_;
};

// The next chunk; null at the end of the text.
std::unique_ptr<Chunk> ParallelReader::Cut() {
  auto chunk = std::make_unique<Chunk>();
  chunk->begin = text_.position();
  while (chunk->text.size() < kChunkBytes) {
    const auto line = text_.TakeLine();
    if (!line) {
      is_at_end_ = true;
      break;
    }
    chunk->text.append(*line);
    chunk->text.push_back('\n');
  }
  return chunk->text.empty() ? nullptr : std::move(chunk);
}

void ParallelReader::Fill() {
  while (!is_at_end_ && chunks_.size() < most_chunks_) {
    std::unique_ptr<Chunk> chunk = Cut();
    if (chunk == nullptr) return;
    held_bytes_ += chunk->text.capacity();
    {
      const std::lock_guard lock(mutex_);
      chunks_.push_back(std::move(chunk));
    }
    has_changed_.notify_all();
  }
}

// REQUIRES: the lock is held.
Chunk* ParallelReader::FirstWaiting() {
  for (const auto& chunk : chunks_) {
    if (chunk->state == Chunk::State::kWaiting) return chunk.get();
  }
  return nullptr;
}

// REQUIRES: this thread has taken the chunk.
void ParallelReader::ReadAhead(Chunk& chunk) {
  EventAssembler events(chunk.batch);
  ReadInto(chunk, events);
  {
    const std::lock_guard lock(mutex_);
    chunk.state = Chunk::State::kDone;
  }
  has_changed_.notify_all();
}

void ParallelReader::Work() {
  for (;;) {
    Chunk* chunk = nullptr;
    {
      std::unique_lock lock(mutex_);
      has_changed_.wait(lock, [&] {
        chunk = FirstWaiting();
        return is_over_ || chunk != nullptr;
      });
      if (is_over_) return;
      chunk->state = Chunk::State::kTaken;
    }
    ReadAhead(*chunk);
  }
}

// Adds the first chunk, or does something else that is of use.
absl::Status ParallelReader::TakeTurn() {
  Chunk* other = nullptr;
  {
    std::unique_lock lock(mutex_);
    Chunk& first = *chunks_.front();
    if (first.state == Chunk::State::kWaiting) {
      first.state = Chunk::State::kTaken;
    } else if (first.state == Chunk::State::kTaken) {
      other = FirstWaiting();
      if (other != nullptr) {
        other->state = Chunk::State::kTaken;
      } else {
        has_changed_.wait(lock,
                          [&] { return first.state == Chunk::State::kDone; });
      }
    }
  }
  if (other != nullptr) {
    ReadAhead(*other);
    return absl::OkStatus();
  }
  std::unique_ptr<Chunk> chunk;
  {
    const std::lock_guard lock(mutex_);
    chunk = std::move(chunks_.front());
    chunks_.pop_front();
  }
  const bool is_read =
      chunk->state == Chunk::State::kDone && chunk->batch.is_plain();
  // Without a batch, there are no more values than bytes.
  absl::Status status =
      check_(is_read ? chunk->batch.value_count() : chunk->text.size(),
             held_bytes_ * kBytesAByte);
  if (!status.ok()) return status;
  held_bytes_ -= chunk->text.capacity();
  if (is_read) {
    chunk->batch.AddTo(sink_);
  } else {
    ReadInto(*chunk, events_);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadJsonLinesInParallel(TextCursor& text, EventSink& sink,
                                     int jobs, const ReadingCheck& check) {
  return ParallelReader(text, sink, static_cast<size_t>(jobs), check).Run();
}

}  // namespace minos::history

// Recordings that tests write as text.

#ifndef MINOS_TESTS_SUPPORT_RECORDINGS_H_
#define MINOS_TESTS_SUPPORT_RECORDINGS_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "history/byte_source.h"
#include "history/history.h"
#include "history/problem.h"
#include "history/read.h"

namespace minos::testing {

// A text as a source of bytes that hands out at most `piece` at a time.
class TextSource final : public history::ByteSource {
 public:
  explicit TextSource(std::string_view text, size_t piece = 1 << 20)
      : rest_(text), piece_(piece) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const size_t count = rest_.copy(buffer, std::min(size, piece_));
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  size_t piece_;
};

// What `text` reads as. The test fails if it cannot be read at all; problems
// are for the test to look at.
history::Recording ReadText(std::string_view text,
                            const history::ReadOptions& options = {});

// `error 3:7 double-invoke: process 0 calls …`.
std::string ToText(const history::Problem& problem);
// All problems, one a line.
std::string ToText(const std::vector<history::Problem>& problems);

// The operations of a history, one a line in the order of their calls, with all
// columns that are there: `0 read [call 0] nil -> 3 [ok 1]`.
std::string ToText(const history::History& history);

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_RECORDINGS_H_

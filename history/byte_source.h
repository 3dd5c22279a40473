// Where the bytes of a recording come from.

#ifndef MINOS_HISTORY_BYTE_SOURCE_H_
#define MINOS_HISTORY_BYTE_SOURCE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace minos::history {

// A stream of bytes that is read once.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Puts up to `size` further bytes into `buffer` and returns how many; 0 at
  // the end, and again after it. Unavailable if a signal came first: the caller
  // may call again. REQUIRES: size > 0.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size) = 0;
};

// Opens the file `path`, or standard input if it is "-". What begins with the
// magic bytes of gzip is inflated, all its members one after another. NotFound,
// PermissionDenied or FailedPrecondition if it cannot be opened; Read returns
// DataLoss if gzip data are damaged or end too soon.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(
    const std::string& path);

}  // namespace minos::history

#endif  // MINOS_HISTORY_BYTE_SOURCE_H_

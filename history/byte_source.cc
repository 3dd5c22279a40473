#include "history/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace minos::history {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";

class FileSource final : public ByteSource {
 public:
  // `fd` is closed at the end unless it is standard input.
  explicit FileSource(int fd) : fd_(fd) {}
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) close(fd_);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const ssize_t count = read(fd_, buffer, size);
    if (count >= 0) return static_cast<size_t>(count);
    if (errno == EINTR) return absl::UnavailableError("interrupted");
    return absl::ErrnoToStatus(errno, "cannot read the file");
  }

 private:
  int fd_;
};

// A source of which the first bytes were read already.
class PrefixedSource final : public ByteSource {
 public:
  PrefixedSource(std::string prefix, std::unique_ptr<ByteSource> rest)
      : prefix_(std::move(prefix)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    if (given_ == prefix_.size()) return rest_->Read(buffer, size);
    const size_t count = prefix_.copy(buffer, size, given_);
    given_ += count;
    return count;
  }

 private:
  std::string prefix_;
  size_t given_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> packed)
      : packed_(std::move(packed)) {}
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  absl::Status Start() {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, kGzipOnly) == Z_OK) return absl::OkStatus();
    return absl::ResourceExhaustedError("no memory to inflate gzip data");
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    constexpr size_t kMax = std::numeric_limits<uInt>::max();
    const auto wanted = static_cast<uInt>(size < kMax ? size : kMax);
    stream_.next_out = reinterpret_cast<Bytef*>(buffer);
    stream_.avail_out = wanted;
    while (stream_.avail_out == wanted) {
      if (stream_.avail_in == 0) {
        const absl::StatusOr<size_t> count =
            packed_->Read(input_.data(), input_.size());
        if (!count.ok()) return count.status();
        if (*count == 0) return EndOfInput();
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(*count);
      }
      if (between_members_) {
        inflateReset(&stream_);
        between_members_ = false;
      }
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        between_members_ = true;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return absl::DataLossError("the gzip data are damaged");
      }
    }
    return wanted - stream_.avail_out;
  }

 private:
  absl::StatusOr<size_t> EndOfInput() const {
    if (between_members_) return 0;
    return absl::DataLossError("the gzip data end too soon");
  }

  std::unique_ptr<ByteSource> packed_;
  z_stream stream_{};
  std::array<char, size_t{64} << 10> input_;
  bool between_members_ = false;
};

absl::StatusOr<int> OpenFile(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": this is a directory"));
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, path);
  return fd;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(
    const std::string& path) {
  const absl::StatusOr<int> fd = OpenFile(path);
  if (!fd.ok()) return fd.status();
  std::unique_ptr<ByteSource> file = std::make_unique<FileSource>(*fd);
  std::string magic;
  while (magic.size() < kGzipMagic.size()) {
    std::array<char, kGzipMagic.size()> bytes;
    const absl::StatusOr<size_t> count =
        file->Read(bytes.data(), kGzipMagic.size() - magic.size());
    if (absl::IsUnavailable(count.status())) continue;
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    magic.append(bytes.data(), *count);
  }
  const bool is_gzip = magic == kGzipMagic;
  file = std::make_unique<PrefixedSource>(std::move(magic), std::move(file));
  if (!is_gzip) return file;
  auto gzip = std::make_unique<GzipSource>(std::move(file));
  if (absl::Status status = gzip->Start(); !status.ok()) return status;
  return gzip;
}

}  // namespace minos::history

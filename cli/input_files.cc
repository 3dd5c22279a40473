#include "cli/input_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace minos::cli {
namespace {

namespace fs = std::filesystem;

bool IsHidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

absl::Status WalkFailed(const std::error_code& error) {
  return absl::UnavailableError(
      absl::StrCat("cannot read the directory: ", error.message()));
}

std::vector<InputFile> FilesBelow(const std::string& directory) {
  std::vector<InputFile> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(directory, error);
  const fs::recursive_directory_iterator end;
  while (!error && entry != end) {
    std::error_code ignored;
    if (IsHidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file(ignored)) {
      files.push_back({entry->path().string(), true, absl::OkStatus()});
    }
    entry.increment(error);
  }
  std::sort(
      files.begin(), files.end(),
      [](const InputFile& a, const InputFile& b) { return a.path < b.path; });
  if (error) files.push_back({directory, true, WalkFailed(error)});
  return files;
}

}  // namespace

std::vector<InputFile> ExpandPaths(std::span<const std::string> paths) {
  std::vector<InputFile> files;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (path == "-" || !fs::is_directory(path, ignored)) {
      files.push_back({path, false, absl::OkStatus()});
      continue;
    }
    std::vector<InputFile> found = FilesBelow(path);
    std::move(found.begin(), found.end(), std::back_inserter(files));
  }
  return files;
}

}  // namespace minos::cli

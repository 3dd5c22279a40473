// Reads recordings that nobody here wrote, where they are present.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "history/read.h"
#include "history/write.h"
#include "tests/support/recordings.h"

namespace minos::history {
namespace {

using minos::testing::ReadText;
using minos::testing::ToText;

std::vector<std::filesystem::path> Corpus() {
  const char* const named = std::getenv("MINOS_CORPUS");
  const std::filesystem::path root =
      named != nullptr ? named : MINOS_SOURCE_DIR "/../shared/histories";
  std::vector<std::filesystem::path> files;
  std::error_code missing;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(root, missing)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".edn" || extension == ".json" || extension == ".log" ||
        extension == ".txt") {
      files.push_back(entry.path());
    }
  }
  return files;
}

TEST(CorpusTest, EveryRecordingReadsAndReadsBack) {
  const std::vector<std::filesystem::path> files = Corpus();
  if (files.empty()) GTEST_SKIP() << "no recordings here; see MINOS_CORPUS";
  for (const std::filesystem::path& file : files) {
    SCOPED_TRACE(file.string());
    const auto recording = ReadHistory(file.string(), {});
    ASSERT_TRUE(recording.ok()) << recording.status();
    EXPECT_EQ(recording->has_errors, false) << ToText(recording->problems);
    EXPECT_GT(recording->history.size(), 0u);
    std::string edn;
    const absl::Status written = WriteHistory(recording->history, Format::kEdn,
                                              [&](std::string_view part) {
                                                edn.append(part);
                                                return absl::OkStatus();
                                              });
    ASSERT_TRUE(written.ok()) << written;
    const Recording again = ReadText(edn);
    EXPECT_FALSE(again.has_errors) << ToText(again.problems);
    EXPECT_EQ(again.history.size(), recording->history.size());
  }
}

}  // namespace
}  // namespace minos::history

// A saved failure: everything that is needed to run it again.
//
//   {"schema": "minos.failure/1", "minos": "0.1.0",
//    "broken": {"consistency": "linearizable", "kind": "not-linearizable",
//               "summary": "…", "promised": true},
//    "found": {"seed": 7, "operations": 200, "clients": 5, "nodes": 3,
//              "faults": 12},
//    "shrunk": {"operations": 4, "clients": 2, "nodes": 3, "faults": 1,
//               "runs": 212, "minimal": true},
//    "history": {"events": 17, "fingerprint": "9d0c…"},
//    "recipe": {…}}
//
// "shrunk" is absent if the failure was not made smaller. The fingerprint is
// that of the history, byte for byte, as `replay` makes it again. "promised"
// is false where the user asked for a consistency that the store need not keep.

#ifndef MINOS_CLI_FAILURE_FILE_H_
#define MINOS_CLI_FAILURE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "generators/recipe.h"
#include "history/history.h"

namespace minos::cli {

inline constexpr char kFailureSchema[] = "minos.failure/1";

// How large a recipe is.
struct RecipeSize {
  size_t operations = 0;
  size_t clients = 0;
  size_t nodes = 0;
  size_t faults = 0;
  bool operator==(const RecipeSize&) const = default;
};

RecipeSize SizeOf(const generators::Recipe& recipe);
// "4 operations, 2 clients, 3 nodes, 1 fault".
std::string SizeText(const RecipeSize& size);

struct Failure {
  std::string version;  // of minos
  std::string consistency;
  std::string kind;
  std::string summary;
  bool is_promised = true;
  uint64_t seed = 0;  // of the run in which it was found
  RecipeSize found;
  // What shrinking did, if it was asked for.
  struct Shrinking {
    size_t runs = 0;
    bool is_minimal = false;
  };
  std::optional<Shrinking> shrinking;
  size_t events = 0;        // of the history
  std::string fingerprint;  // of the history
  generators::Recipe recipe;
};

// A fingerprint of the bytes of `history`, as jsonl: the same on every machine,
// 32 hexadecimal digits.
std::string FingerprintOf(const history::History& history);
// How many lines these are.
size_t CountEvents(const history::History& history);

// JSON, ending with a newline; made to be read by people too.
std::string FailureToJson(const Failure& failure);
// InvalidArgument, in words for the user, if the text is no saved failure.
absl::StatusOr<Failure> FailureFromJson(std::string_view text);

// Writes and reads files; errors name the file.
absl::Status SaveFailure(const Failure& failure, const std::string& path);
absl::StatusOr<Failure> LoadFailure(const std::string& path);

// "eventual-no-anti-entropy-eventual-seed-7.json": where it is saved.
std::string FailureFileName(const Failure& failure);

}  // namespace minos::cli

#endif  // MINOS_CLI_FAILURE_FILE_H_

// What `minos matrix` measured, schema "minos.matrix/1": gathered, merged,
// written.
//
//   {"schema": "minos.matrix/1", "verdict": "valid", "seed": 0, "runs": 200,
//    "models": ["linearizable", …],
//    "targets": [{"target": "raft",
//        "conditions": [{"name": "calm", "faults": [], "runs": 200,
//            "cells": [{"consistency": "linearizable", "promised": true,
//                "held": 200, "broken": 0, "unknown": 0, "first": null}, …]},
//          {"name": "faults", …}],
//        "costs": {…}}]}
//
// "first" is the lowest seed of a run that was broken, with the command that
// shows it. Everything is counted in simulated time, so that the result is the
// same on every machine, and that of merged shards the same as that of one
// process.

#ifndef MINOS_CLI_MATRIX_RESULT_H_
#define MINOS_CLI_MATRIX_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/shard.h"
#include "report/result.h"

namespace minos::cli {

inline constexpr char kMatrixSchema[] = "minos.matrix/1";

// A run that broke something.
struct Shown {
  uint64_t seed = 0;
  std::string command;  // that shows it
};

// One store, one model, one condition.
struct MatrixCell {
  bool is_promised = false;
  size_t held = 0;
  size_t broken = 0;
  size_t unknown = 0;
  std::optional<Shown> first;  // of the broken ones

  bool is_judged() const { return held + broken + unknown > 0; }
};

struct MatrixCondition {
  std::string name;  // "calm" or "faults"
  std::vector<std::string> faults;
  size_t runs = 0;
  std::vector<MatrixCell> cells;  // as the models of the matrix
};

// Counts of durations, by tenths of milliseconds.
using Durations = std::map<int64_t, size_t>;

// What a store costs, in simulated time.
struct MatrixCosts {
  // Without faults, and with clients that hardly wait between operations.
  Durations reads;
  Durations updates;
  size_t operations = 0;
  size_t ok = 0;
  int64_t time = 0;  // nanoseconds of all runs together
  size_t messages = 0;
  // While some links are cut.
  size_t cut_operations = 0;
  size_t cut_ok = 0;
  // Of reads of registers, with links that come and go.
  size_t measured_reads = 0;
  size_t stale_reads = 0;
  int64_t stalest = 0;  // nanoseconds
};

struct MatrixRow {
  std::string target;
  std::vector<MatrixCondition> conditions;
  MatrixCosts costs;
};

struct MatrixResult {
  Shard shard;
  uint64_t seed = 0;
  size_t runs = 0;  // of each condition, of all shards
  std::vector<std::string> models;
  std::vector<MatrixRow> rows;
};

// A violation if something that is promised was broken, unknown if something
// promised could not always be judged.
report::Finding FindingOf(const MatrixResult& result);

std::string MatrixToJson(const MatrixResult& result);
// InvalidArgument, in words for the user, if the text is no such result.
absl::StatusOr<MatrixResult> MatrixFromJson(std::string_view text);
// InvalidArgument if they do not belong together, or one is missing.
absl::StatusOr<MatrixResult> MergeMatrix(std::vector<MatrixResult> shards);

// "text", "markdown" and "html"; REQUIRES: `format` is one of these.
std::string MatrixDocument(const MatrixResult& result, std::string_view format);

}  // namespace minos::cli

#endif  // MINOS_CLI_MATRIX_RESULT_H_

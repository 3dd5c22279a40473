#include "bench/results.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace minos::bench {
namespace {

constexpr char kSchema[] = "minos.bench/1";
// A change of less than this factor may be noise.
constexpr double kNoise = 1.2;

using BySize = std::map<int64_t, const Result*>;

bool IsDone(const Result& result) { return result.unknown.empty(); }

std::string Cell(const BySize& sizes, int64_t operations) {
  const auto entry = sizes.find(operations);
  if (entry == sizes.end()) return "";
  if (!IsDone(*entry->second)) return "–";
  return absl::StrFormat("%.0f ns %.0f B", entry->second->nanoseconds,
                         entry->second->bytes);
}

std::string Exponent(const BySize& sizes) {
  std::vector<const Result*> done;
  for (const auto& [operations, result] : sizes) {
    if (IsDone(*result)) done.push_back(result);
  }
  if (done.size() < 2) return "";
  const Result& first = *done.front();
  const Result& last = *done.back();
  const auto total = [](const Result& result) {
    return result.nanoseconds * static_cast<double>(result.operations);
  };
  return absl::StrFormat("%.2f",
                         std::log(total(last) / total(first)) /
                             std::log(static_cast<double>(last.operations) /
                                      static_cast<double>(first.operations)));
}

// How many columns of a terminal UTF-8 text takes.
size_t Width(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Padded(std::string text, size_t width) {
  text.append(width - std::min(width, Width(text)), ' ');
  return text;
}

std::string Lines(const std::vector<std::vector<std::string>>& table) {
  std::vector<size_t> widths(table.front().size(), 0);
  for (const auto& line : table) {
    for (size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], Width(line[i]));
    }
  }
  std::string text;
  for (const auto& line : table) {
    text += "|";
    for (size_t i = 0; i < line.size(); ++i) {
      absl::StrAppend(&text, " ", Padded(line[i], widths[i]), " |");
    }
    text += "\n";
    if (&line == &table.front()) {
      text += "|";
      for (const size_t width : widths) {
        absl::StrAppend(&text, std::string(width + 2, '-'), "|");
      }
      text += "\n";
    }
  }
  return text;
}

struct Change {
  double factor;  // above 1 is worse
  std::string line;
};

void AddChange(const std::string& name, const char* what, double before,
               double now, std::vector<Change>& changes) {
  if (before <= 0 || now <= 0) return;
  const double factor = now / before;
  if (factor < kNoise && factor > 1 / kNoise) return;
  changes.push_back({factor, absl::StrFormat("%6.2f ×  %s: %.0f → %.0f %s",
                                             factor, name, before, now, what)});
}

}  // namespace

std::string Table(const std::vector<Result>& results) {
  std::vector<std::string> order;
  std::map<std::string, BySize> rows;
  std::set<int64_t> sizes;
  for (const Result& result : results) {
    if (!rows.contains(result.row)) order.push_back(result.row);
    rows[result.row][result.operations] = &result;
    sizes.insert(result.operations);
  }
  std::vector<std::vector<std::string>> table = {{"an operation costs"}};
  for (const int64_t size : sizes) {
    table[0].push_back(absl::StrCat(size, " operations"));
  }
  table[0].push_back("exponent");
  for (const std::string& row : order) {
    std::vector<std::string> line = {row};
    for (const int64_t size : sizes) line.push_back(Cell(rows[row], size));
    line.push_back(Exponent(rows[row]));
    table.push_back(std::move(line));
  }
  return Lines(table);
}

absl::Status WriteResults(const std::vector<Result>& results,
                          const std::string& path) {
  nlohmann::ordered_json json = {{"schema", kSchema}};
  json["results"] = nlohmann::ordered_json::array();
  for (const Result& result : results) {
    json["results"].push_back({{"row", result.row},
                               {"operations", result.operations},
                               {"ns_per_operation", result.nanoseconds},
                               {"bytes_per_operation", result.bytes},
                               {"unknown", result.unknown}});
  }
  std::ofstream file(path);
  file << json.dump(1) << "\n";
  file.close();
  if (!file) return absl::UnavailableError("cannot write `" + path + "`");
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Result>> ReadResults(const std::string& path) {
  std::ifstream file(path);
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (!json.is_object() || json.value("schema", "") != kSchema) {
    return absl::InvalidArgumentError("`" + path +
                                      "` is no file of benchmark results");
  }
  std::vector<Result> results;
  for (const auto& item : json["results"]) {
    results.push_back({item.value("row", ""), item.value("operations", 0),
                       item.value("ns_per_operation", 0.0),
                       item.value("bytes_per_operation", 0.0),
                       item.value("unknown", "")});
  }
  return results;
}

std::string Comparison(const std::vector<Result>& before,
                       const std::vector<Result>& now) {
  std::map<std::pair<std::string, int64_t>, const Result*> known;
  for (const Result& old : before) known[{old.row, old.operations}] = &old;
  std::vector<Change> changes;
  for (const Result& result : now) {
    const auto entry = known.find({result.row, result.operations});
    if (entry == known.end()) continue;
    const Result& old = *entry->second;
    const std::string name =
        absl::StrCat(result.row, ", ", result.operations, " operations");
    if (IsDone(old) != IsDone(result)) {
      changes.push_back(
          {IsDone(result) ? 0 : HUGE_VAL,
           absl::StrCat(IsDone(result) ? "now done  " : "not done  ", name)});
    } else if (IsDone(result)) {
      AddChange(name, "ns", old.nanoseconds, result.nanoseconds, changes);
      AddChange(name, "bytes", old.bytes, result.bytes, changes);
    }
  }
  if (changes.empty()) return "As before, within a fifth.\n";
  std::stable_sort(
      changes.begin(), changes.end(),
      [](const Change& a, const Change& b) { return a.factor > b.factor; });
  std::string text;
  for (const Change& change : changes)
    absl::StrAppend(&text, change.line, "\n");
  return text;
}

}  // namespace minos::bench

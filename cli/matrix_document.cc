// The matrix for people: text, Markdown and HTML are one list of tables, set in
// three ways.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "checker/consistency_registry.h"
#include "cli/matrix_result.h"
#include "report/words.h"

namespace minos::cli {
namespace {

// What no run can measure: what a store costs to build and run, and whom it
// serves.
struct Remark {
  std::string_view target;
  std::string_view complexity;
  std::string_view use;
};

constexpr std::array kRemarks = {
    Remark{"strong-counter", "one node and a lock; no fail-over",
           "totals that must be exact, where one machine will do"},
    Remark{"eventual", "gossip, anti-entropy, a rule for conflicts",
           "likes, presence, carts: always writable, right in the end"},
    Remark{"read-after-write", "a master, replicas, a clock a user",
           "profiles: one sees one's own edits, others a little later"},
    Remark{"session-sticky", "ordered logs; routing by cookie",
           "one user, one device: chats, documents"},
    Remark{"session-token", "ordered logs; a version vector a client",
           "users who roam between regions or devices"},
    Remark{"monotonic-cache", "a mark a client before any cache",
           "feeds and dashboards that never run backwards"},
    Remark{"g-counter", "one slot a replica; merge by maximum",
           "views and likes, counted everywhere"},
    Remark{"pn-counter", "two growing counters",
           "votes up and down, stock in hand"},
    Remark{"g-set", "the merge is the union", "tags, seen ids, audit trails"},
    Remark{"or-set", "a tag for each add; removes name tags",
           "carts and members that come and go"},
    Remark{"lww-register", "a stamp for each value",
           "settings, where the last word counts"},
    Remark{"quorum", "N, R, W to choose; repair and handoff",
           "always-on key-value data with tunable staleness"},
    Remark{"abd", "two rounds an operation, no leader",
           "a register that must be exact while nodes crash"},
    Remark{"primary-backup", "a view service, two copies, fencing",
           "strong data on two machines"},
    Remark{"sequencer", "one node orders, all apply in order",
           "feeds and logs read locally, in one order for all"},
    Remark{"causal", "dependencies with every write",
           "comments and replies: an answer never before its question"},
    Remark{"raft", "elections, a replicated log, snapshots",
           "configuration, locks, money: strong and fault-tolerant"},
    Remark{"lease-lock", "leases, and tokens that the storage checks",
           "one worker at a time, over pauses and clock skew"},
    Remark{"geo", "strong in a region, ordered logs between",
           "regional data, read all over the world"},
    Remark{"hybrid", "two stores and a rule by feature",
           "one product: exact money, quick likes"},
    Remark{"tiered", "two stores and a move between them",
           "few hot keys that must be exact, many cold ones"},
};

Remark RemarkOn(std::string_view target) {
  const auto* found = std::find_if(
      kRemarks.begin(), kRemarks.end(),
      [target](const Remark& remark) { return remark.target == target; });
  return found == kRemarks.end() ? Remark{target, "", ""} : *found;
}

struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  bool is_centered = false;  // all columns but the first
};

struct Document {
  std::string intro;
  Table matrix;
  std::string legend;
  Table costs;
  std::string remarks;
};

const MatrixCondition* Named(const MatrixRow& row, std::string_view name) {
  for (const MatrixCondition& condition : row.conditions) {
    if (condition.name == name) return &condition;
  }
  return nullptr;
}

// "●" kept as promised, "○" never seen broken though not promised, "◐ 12"
// broken under faults (by seed 12), "✗ 12" broken without, "‼ 12" a promise
// broken, "?" some runs could not be judged, "–" not for this data type.
std::string CellText(const MatrixCell& calm, const MatrixCell& faults) {
  const auto seed = [](const MatrixCell& cell) {
    return cell.first ? absl::StrCat(" ", cell.first->seed) : std::string();
  };
  if (calm.is_promised && calm.broken > 0) return "‼" + seed(calm);
  if (faults.is_promised && faults.broken > 0) return "‼" + seed(faults);
  if (calm.broken > 0) return "✗" + seed(calm);
  if (faults.broken > 0) return "◐" + seed(faults);
  if (!calm.is_judged() && !faults.is_judged()) return "–";
  if (calm.held + faults.held == 0) return "?";
  return calm.is_promised ? "●" : "○";
}

Table MatrixTable(const MatrixResult& result) {
  Table table;
  table.is_centered = true;
  table.head.push_back("store");
  for (const std::string& model : result.models) table.head.push_back(model);
  for (const MatrixRow& row : result.rows) {
    const MatrixCondition* calm = Named(row, "calm");
    const MatrixCondition* faults = Named(row, "faults");
    std::vector<std::string> cells = {row.target};
    for (size_t i = 0; i < result.models.size(); ++i) {
      const MatrixCell none;
      cells.push_back(CellText(calm ? calm->cells[i] : none,
                               faults ? faults->cells[i] : none));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// The duration below which `percent` of them lie, in milliseconds.
std::string Quantile(const Durations& durations, size_t percent) {
  size_t total = 0;
  for (const auto& [tenth, count] : durations) total += count;
  if (total == 0) return "–";
  const size_t rank = std::min(total - 1, total * percent / 100);
  size_t passed = 0;
  for (const auto& [tenth, count] : durations) {
    passed += count;
    if (passed > rank) {
      return absl::StrFormat("%d.%d", tenth / 10, tenth % 10);
    }
  }
  return "–";
}

std::string Latency(const Durations& durations) {
  if (durations.empty()) return "–";
  return absl::StrCat(Quantile(durations, 50), " / ", Quantile(durations, 99));
}

std::string Percent(size_t part, size_t whole) {
  if (whole == 0) return "–";
  return absl::StrFormat("%.1f %%", 100.0 * static_cast<double>(part) /
                                        static_cast<double>(whole));
}

std::string StaleText(const MatrixCosts& costs) {
  if (costs.measured_reads == 0) return "–";
  std::string text = Percent(costs.stale_reads, costs.measured_reads);
  if (costs.stale_reads > 0) {
    absl::StrAppendFormat(&text, ", %.0f ms",
                          static_cast<double>(costs.stalest) / 1e6);
  }
  return text;
}

std::string Ratio(size_t part, double whole) {
  if (whole <= 0) return "–";
  return absl::StrFormat("%.1f", static_cast<double>(part) / whole);
}

// The promises without those that another one implies.
std::string Guarantees(const MatrixResult& result, const MatrixRow& row) {
  const MatrixCondition* calm = Named(row, "calm");
  std::vector<std::string> promised;
  for (size_t i = 0; calm != nullptr && i < result.models.size(); ++i) {
    if (calm->cells[i].is_promised) promised.push_back(result.models[i]);
  }
  std::vector<std::string> strongest;
  for (const std::string& name : promised) {
    const bool is_implied = std::any_of(
        promised.begin(), promised.end(), [&name](const std::string& other) {
          return other != name && checker::Implies(other, name);
        });
    if (!is_implied) strongest.push_back(name);
  }
  return absl::StrJoin(strongest, ", ");
}

Table CostsTable(const MatrixResult& result) {
  Table table;
  table.head = {"store",       "guarantees",      "reads, ms",
                "updates, ms", "ok ops a second", "ok while cut",
                "stale reads", "messages an op",  "complexity",
                "use it for"};
  for (const MatrixRow& row : result.rows) {
    const MatrixCosts& costs = row.costs;
    const Remark remark = RemarkOn(row.target);
    table.rows.push_back(
        {row.target, Guarantees(result, row), Latency(costs.reads),
         Latency(costs.updates),
         absl::StrFormat("%.0f", costs.time > 0
                                     ? static_cast<double>(costs.ok) * 1e9 /
                                           static_cast<double>(costs.time)
                                     : 0.0),
         Percent(costs.cut_ok, costs.cut_operations), StaleText(costs),
         Ratio(costs.messages, static_cast<double>(costs.operations)),
         std::string(remark.complexity), std::string(remark.use)});
  }
  return table;
}

Document DocumentOf(const MatrixResult& result) {
  Document document;
  document.intro =
      absl::StrCat(result.runs, " runs of each store without faults, and ",
                   result.runs, " under the faults that it bears, from seed ",
                   result.seed, ", judged by each model:");
  document.matrix = MatrixTable(result);
  document.legend =
      "● promised, and held in every run. ○ not promised, and never seen "
      "broken. ✗ N not promised, and broken without faults, by the run of seed "
      "N. ◐ N likewise, but under faults only. ‼ N promised and broken. ? "
      "could not be judged. – not defined for this data type. The JSON has the "
      "command that shows each.";
  document.costs = CostsTable(result);
  document.remarks =
      "Simulated: a message takes 0.5 to 5 ms. Latencies are the median and "
      "the 99th percentile of five clients that hardly pause; `ok while cut` "
      "is the share of operations that succeeded while links between nodes "
      "were cut; stale reads missed a write that had ended before they began, "
      "by up to the time given.";
  return document;
}

std::string MarkdownTable(const Table& table) {
  std::string text =
      absl::StrCat("| ", absl::StrJoin(table.head, " | "), " |\n|---|");
  for (size_t i = 1; i < table.head.size(); ++i) {
    absl::StrAppend(&text, table.is_centered ? ":-:|" : "---|");
  }
  absl::StrAppend(&text, "\n");
  for (const auto& row : table.rows) {
    absl::StrAppend(&text, "| `", row.front(), "` | ",
                    absl::StrJoin(row.begin() + 1, row.end(), " | "), " |\n");
  }
  return text;
}

std::string TextTable(const Table& table) {
  std::vector<size_t> widths;
  for (const std::string& cell : table.head) {
    widths.push_back(report::Width(cell));
  }
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], report::Width(row[i]));
    }
  }
  const auto line = [&widths](const std::vector<std::string>& cells) {
    std::string text;
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool is_last = i + 1 == cells.size();
      text += is_last ? cells[i] : report::Pad(cells[i], widths[i] + 2);
    }
    return text + "\n";
  };
  std::string text = line(table.head);
  for (const auto& row : table.rows) text += line(row);
  return text;
}

std::string HtmlTable(const Table& table) {
  std::string text = "<table>\n<tr>";
  for (const std::string& cell : table.head) {
    absl::StrAppend(&text, "<th>", cell, "</th>");
  }
  absl::StrAppend(&text, "</tr>\n");
  for (const auto& row : table.rows) {
    absl::StrAppend(&text, "<tr>");
    for (const std::string& cell : row) {
      absl::StrAppend(&text, "<td>", cell, "</td>");
    }
    absl::StrAppend(&text, "</tr>\n");
  }
  return text + "</table>\n";
}

std::string HtmlPage(const Document& document) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<title>minos matrix</title>\n<style>\nbody { font: 15px/1.5 sans-serif; "
      "margin: 2em; }\ntable { border-collapse: collapse; }\nth, td { border: "
      "1px solid #ccc; padding: 0.2em 0.6em; }\nth { background: #f4f4f4; "
      "}\n</style>\n</head>\n<body>\n<h1>Stores and models</h1>\n<p>",
      document.intro, "</p>\n", HtmlTable(document.matrix), "<p>",
      document.legend, "</p>\n<h2>What it costs</h2>\n",
      HtmlTable(document.costs), "<p>", document.remarks,
      "</p>\n</body>\n</html>\n");
}

}  // namespace

std::string MatrixDocument(const MatrixResult& result,
                           std::string_view format) {
  const Document document = DocumentOf(result);
  if (format == "html") return HtmlPage(document);
  const auto table = format == "markdown" ? MarkdownTable : TextTable;
  const auto prose = [format](const std::string& text) {
    return format == "markdown" ? text + "\n" : report::Wrapped(text, 0, 100);
  };
  return absl::StrCat(prose(document.intro), "\n", table(document.matrix), "\n",
                      prose(document.legend), "\n", table(document.costs), "\n",
                      prose(document.remarks));
}

}  // namespace minos::cli

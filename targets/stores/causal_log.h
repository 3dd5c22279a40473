// A replica's log of updates, shipped in the order in which it was learned.
//
// Each update has a number among those of its origin and a Lamport stamp; the
// greatest (stamp, origin) of a key wins, which agrees with causality. A
// replica that asks another for what it lacks gets it in the order of the
// other's log. So the log of every replica has, before any update, all that
// its origin knew when it took it: Bayou's prefix property (Petersen et al.,
// SOSP 1997), and with it causality, whatever the network loses, doubles or
// reorders. Everything here lives on disk.

#ifndef MINOS_TARGETS_STORES_CAUSAL_LOG_H_
#define MINOS_TARGETS_STORES_CAUSAL_LOG_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "targets/request.h"
#include "targets/vector_clock.h"

namespace minos::targets {

struct LogEntry {
  int32_t key = 0;
  NodeId origin = 0;
  uint32_t number = 0;  // 1, 2, 3, … of its origin
  uint64_t stamp = 0;
  int64_t value = kNilValue;

  bool Wins(const LogEntry& other) const {
    return stamp != other.stamp ? stamp > other.stamp : origin > other.origin;
  }
};

class CausalLog {
 public:
  // Takes an update at its origin.
  const LogEntry& Append(NodeId origin, int32_t key, int64_t value) {
    LogEntry entry;
    entry.key = key;
    entry.origin = origin;
    entry.number = known_[origin] + 1;
    entry.stamp = last_stamp_ + 1;
    entry.value = value;
    Add(entry);
    return entries_.back();
  }

  // What a replica that knows `known` lacks, in the order of this log.
  std::vector<LogEntry> Missing(const VectorClock& known) const {
    std::vector<LogEntry> missing;
    for (const LogEntry& entry : entries_) {
      if (entry.number > known[entry.origin]) missing.push_back(entry);
    }
    return missing;
  }

  // Learns what another replica sent. What does not continue the log is left
  // out; it will be asked for again. Two ways of doing it wrong, for planted
  // bugs: the later to arrive wins, or gaps are skipped for good.
  void Absorb(const std::vector<LogEntry>& entries, bool arrival_wins = false,
              bool skips_gaps = false) {
    for (const LogEntry& entry : entries) {
      const uint32_t known = known_[entry.origin];
      if (entry.number <= known) continue;
      if (entry.number > known + 1 && !skips_gaps) return;
      Add(entry);
      if (arrival_wins) winners_[entry.key] = entry;
    }
  }

  // The winning value of `key`, nil if there is none.
  int64_t Value(int32_t key) const {
    const auto winner = winners_.find(key);
    return winner == winners_.end() ? kNilValue : winner->second.value;
  }

  const VectorClock& known() const { return known_; }

 private:
  void Add(const LogEntry& entry) {
    entries_.push_back(entry);
    known_.Set(entry.origin, std::max(known_[entry.origin], entry.number));
    last_stamp_ = std::max(last_stamp_, entry.stamp);
    const auto [winner, is_first] = winners_.try_emplace(entry.key, entry);
    if (!is_first && entry.Wins(winner->second)) winner->second = entry;
  }

  std::vector<LogEntry> entries_;
  VectorClock known_;
  uint64_t last_stamp_ = 0;
  std::map<int32_t, LogEntry> winners_;
};

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_CAUSAL_LOG_H_

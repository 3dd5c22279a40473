#include "tests/support/tiny_histories.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace minos::testing {

using history::Outcome;

namespace {

// A value that no write of a tiny history writes.
constexpr int kThinAir = 9;

// Each operation is called in turn, and returns just before the next call of
// its session, or of anybody.
void PlaceInTurn(TinyTiming timing, TinyHistory& tiny) {
  int position = 0;
  std::vector<bool> open(tiny.size(), false);
  const auto close = [&](size_t i) {
    open[i] = false;
    tiny[i].ret = tiny[i].outcome == Outcome::kInfo ? kTinyNever : position++;
  };
  for (size_t i = 0; i < tiny.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const bool in_the_way = timing == TinyTiming::kOneAtATime ||
                              tiny[j].session == tiny[i].session;
      if (open[j] && in_the_way) close(j);
    }
    tiny[i].call = position++;
    open[i] = true;
  }
  for (size_t i = 0; i < tiny.size(); ++i) {
    if (open[i]) close(i);
  }
}

class Enumeration {
 public:
  Enumeration(const TinyEnumeration& of,
              const std::function<void(const TinyHistory&)>& visit)
      : of_(of),
        size_(static_cast<size_t>(of.operations)),
        shard_(ShardOfEnvironment()),
        visit_(visit),
        tiny_(size_) {}

  size_t Run() {
    ChooseKind(0);
    return visited_;
  }

 private:
  void ChooseKind(size_t i) {
    if (i == size_) return ChooseSession(0, 0);
    for (const bool is_read : {false, true}) {
      tiny_[i].is_read = is_read;
      ChooseKind(i + 1);
    }
  }
  void ChooseSession(size_t i, int used) {
    if (i == size_) return ChooseKey(0, 0);
    for (int s = 0; s <= used && s < 3; ++s) {
      tiny_[i].session = s;
      ChooseSession(i + 1, std::max(used, s + 1));
    }
  }
  void ChooseKey(size_t i, int used) {
    if (i == size_) return ChooseOutcome(0);
    for (int k = 0; k <= used && k < 2; ++k) {
      tiny_[i].key = k;
      ChooseKey(i + 1, std::max(used, k + 1));
    }
  }
  void ChooseOutcome(size_t i) {
    if (i == size_) return ChooseWritten(0, 1);
    TinyOp& op = tiny_[i];
    for (const Outcome outcome :
         {Outcome::kOk, Outcome::kInfo, Outcome::kFail}) {
      op.outcome = outcome;
      ChooseOutcome(i + 1);
      if (op.is_read) break;
    }
    op.outcome = Outcome::kOk;
  }
  void ChooseWritten(size_t i, int next) {
    if (i == size_) return ChooseReturned(0);
    TinyOp& op = tiny_[i];
    if (op.is_read) return ChooseWritten(i + 1, next);
    if (!of_.repeated_values) {
      op.value = next;
      return ChooseWritten(i + 1, next + 1);
    }
    // The initial value, one written before, or the next of the key.
    int newest = 0;
    for (size_t j = 0; j < i; ++j) {
      if (!tiny_[j].is_read && tiny_[j].key == op.key) {
        newest = std::max(newest, tiny_[j].value);
      }
    }
    for (int value = 0; value <= newest + 1; ++value) {
      op.value = value;
      ChooseWritten(i + 1, next);
    }
  }
  void ChooseReturned(size_t i) {
    if (i == size_) return Visit();
    TinyOp& op = tiny_[i];
    if (!op.is_read) return ChooseReturned(i + 1);
    std::vector<int> values = {0, kThinAir};
    for (const TinyOp& other : tiny_) {
      if (!other.is_read && other.key == op.key) values.push_back(other.value);
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const int value : values) {
      op.value = value;
      ChooseReturned(i + 1);
    }
  }
  void Visit() {
    const size_t number = counter_++;
    if (number % of_.stride != 0) return;
    if (!shard_.Has(number / of_.stride)) return;
    PlaceInTurn(of_.timing, tiny_);
    ++visited_;
    visit_(tiny_);
  }

  TinyEnumeration of_;
  size_t size_;
  TinyShard shard_;
  const std::function<void(const TinyHistory&)>& visit_;
  TinyHistory tiny_;
  size_t counter_ = 0;
  size_t visited_ = 0;
};

void ChooseOperations(TinyRandom& random, bool unique, TinyHistory& tiny) {
  const int sessions = 1 + random.Below(3);
  const int keys = 1 + random.Below(2);
  const int odd = random.Below(3) == 0 ? 4 : 100;
  int next = 1;
  for (TinyOp& op : tiny) {
    op.session = random.Below(sessions);
    op.key = random.Below(keys);
    op.is_read = random.Below(2) == 0;
    if (!op.is_read) op.value = unique ? next++ : random.Below(3);
    if (random.Below(odd) == 0) {
      op.outcome = random.Below(3) == 0 ? Outcome::kFail : Outcome::kInfo;
    }
  }
  for (TinyOp& op : tiny) {
    if (!op.is_read) continue;
    std::vector<int> values = {0};
    for (const TinyOp& other : tiny) {
      if (!other.is_read && other.key == op.key) values.push_back(other.value);
    }
    op.value = values[static_cast<size_t>(
        random.Below(static_cast<int>(values.size())))];
  }
}

void PlaceAtRandom(TinyRandom& random, TinyHistory& tiny) {
  const bool one_at_a_time = random.Below(3) != 0;
  int position = 0;
  std::vector<size_t> open;
  const auto close = [&](size_t at) {
    TinyOp& op = tiny[open[at]];
    const bool returns = op.outcome != Outcome::kInfo || random.Below(2) == 0;
    op.ret = returns ? position++ : kTinyNever;
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
  };
  for (size_t i = 0; i < tiny.size(); ++i) {
    for (size_t at = open.size(); one_at_a_time && at-- > 0;) {
      if (tiny[open[at]].session == tiny[i].session) close(at);
    }
    while (!open.empty() && random.Below(2) == 0) {
      close(static_cast<size_t>(random.Below(static_cast<int>(open.size()))));
    }
    tiny[i].call = position++;
    open.push_back(i);
  }
  while (!open.empty()) close(open.size() - 1);
}

}  // namespace

size_t ForEachTinyHistory(
    const TinyEnumeration& of,
    const std::function<void(const TinyHistory&)>& visit) {
  return Enumeration(of, visit).Run();
}

size_t ForEachRandom(uint64_t seed, size_t runs,
                     const std::function<void(TinyRandom&, size_t)>& visit) {
  const TinyShard shard = ShardOfEnvironment();
  size_t visited = 0;
  for (size_t number = 0; number < runs; ++number) {
    if (!shard.Has(number)) continue;
    TinyRandom random(MixHash(seed * 0x9E3779B97F4A7C15u + number));
    ++visited;
    visit(random, number);
  }
  return visited;
}

TinyHistory RandomTinyHistory(TinyRandom& random, int max_size, bool unique) {
  TinyHistory tiny(static_cast<size_t>(1 + random.Below(max_size)));
  ChooseOperations(random, unique, tiny);
  PlaceAtRandom(random, tiny);
  return tiny;
}

TinyHistory PlausibleTinyHistory(TinyRandom& random, int max_size,
                                 bool unique) {
  const int least = std::min(4, max_size);
  TinyHistory tiny(
      static_cast<size_t>(least + random.Below(max_size - least + 1)));
  const int sessions = 2 + random.Below(2);
  const int odd = random.Below(4) == 0 ? 4 : 100;
  int next = 1;
  for (size_t i = 0; i < tiny.size(); ++i) {
    TinyOp& op = tiny[i];
    const bool stays = i > 0 && random.Below(2) == 0;
    op.session = stays ? tiny[i - 1].session : random.Below(sessions);
    // A session that has read likes to write next, one that has written leaves
    // it to others.
    const bool after_read = stays && tiny[i - 1].is_read;
    op.is_read = i > 0 && random.Below(4) < (after_read ? 2 : 3);
    op.key = random.Below(2);
    if (!op.is_read) {
      op.value = unique ? next++ : 1 + random.Below(2);
      if (random.Below(odd) == 0) op.outcome = Outcome::kInfo;
      continue;
    }
    std::vector<TinyOp> writes;
    for (size_t j = 0; j < i; ++j) {
      if (!tiny[j].is_read) writes.push_back(tiny[j]);
    }
    if (writes.empty()) continue;
    const TinyOp& source = writes[static_cast<size_t>(
        random.Below(static_cast<int>(writes.size())))];
    op.key = source.key;
    op.value = random.Below(4) == 0 ? 0 : source.value;
  }
  PlaceAtRandom(random, tiny);
  return tiny;
}

namespace {

// What a read shows of `updates`.
void ChooseShown(TinyType type, TinyRandom& random,
                 const std::vector<TinyOp>& updates, TinyOp& read) {
  const int share = 1 + random.Below(4);
  for (const TinyOp& update : updates) {
    if (update.key != read.key || update.outcome == Outcome::kFail ||
        random.Below(5) < share) {
      continue;
    }
    read.value += update.value;
    read.shown.push_back(update.value);
  }
  if (random.Below(16) == 0) {
    ++read.value;
    read.shown.push_back(kThinAir);
  }
  if (type == TinyType::kCounter) {
    read.shown.clear();
    return;
  }
  read.value = 0;
  if (type == TinyType::kSet) {
    std::sort(read.shown.begin(), read.shown.end());
    read.shown.erase(std::unique(read.shown.begin(), read.shown.end()),
                     read.shown.end());
  } else if (read.shown.size() > 1 && random.Below(4) == 0) {
    std::swap(read.shown[0], read.shown[1]);
  }
}

}  // namespace

TinyHistory PlausibleTinyHistoryOf(TinyType type, TinyRandom& random,
                                   int max_size, bool simple) {
  const int least = std::min(3, max_size);
  TinyHistory tiny(
      static_cast<size_t>(least + random.Below(max_size - least + 1)));
  const int sessions = 1 + random.Below(3);
  const int keys = 1 + random.Below(2);
  const int odd = random.Below(3) == 0 ? 4 : 100;
  std::vector<TinyOp> updates;
  int next = 1;
  for (size_t i = 0; i < tiny.size(); ++i) {
    TinyOp& op = tiny[i];
    const bool stays = i > 0 && random.Below(2) == 0;
    op.session = stays ? tiny[i - 1].session : random.Below(sessions);
    op.key = random.Below(keys);
    op.is_read = i > 0 && random.Below(2) == 0;
    if (op.is_read) {
      ChooseShown(type, random, updates, op);
      continue;
    }
    if (random.Below(odd) == 0) {
      op.outcome = random.Below(3) == 0 ? Outcome::kFail : Outcome::kInfo;
    }
    if (type == TinyType::kCounter) {
      op.value = simple ? 1 + random.Below(3) : random.Below(6) - 2;
    } else {
      op.value = simple ? next++ : 1 + random.Below(2);
    }
    updates.push_back(op);
  }
  PlaceAtRandom(random, tiny);
  return tiny;
}

void RecordVersions(TinyRandom& random, TinyHistory& tiny) {
  for (TinyOp& op : tiny) {
    if (op.is_read || op.outcome != Outcome::kOk) continue;
    op.version = random.Below(4);
  }
}

bool IsLongRun() { return std::getenv("MINOS_LONG_TESTS") != nullptr; }

TinyShard ShardOfEnvironment() {
  TinyShard shard;
  const char* const text = std::getenv("MINOS_ORACLE_SHARD");
  if (text == nullptr) return shard;
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('/', 1));
  const bool is_number = absl::SimpleAtoi(parts.first, &shard.index) &&
                         absl::SimpleAtoi(parts.second, &shard.count);
  if (!is_number || shard.index >= shard.count) {
    ADD_FAILURE() << "MINOS_ORACLE_SHARD=" << text
                  << " is not K/N with K from 0 to N - 1";
    return {};
  }
  return shard;
}

}  // namespace minos::testing

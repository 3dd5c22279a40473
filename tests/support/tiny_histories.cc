#include "tests/support/tiny_histories.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace minos::testing {

using history::Outcome;

namespace {

// A value that no write of a tiny history writes.
constexpr int kThinAir = 9;

// Each operation is called in turn, and returns just before the next call of
// its session.
void PlaceOverlapping(TinyHistory& tiny) {
  int position = 0;
  std::vector<bool> open(tiny.size(), false);
  const auto close = [&](size_t i) {
    open[i] = false;
    tiny[i].ret = tiny[i].outcome == Outcome::kInfo ? kTinyNever : position++;
  };
  for (size_t i = 0; i < tiny.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (open[j] && tiny[j].session == tiny[i].session) close(j);
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
  Enumeration(int n, int stride,
              const std::function<void(const TinyHistory&)>& visit)
      : size_(static_cast<size_t>(n)),
        stride_(static_cast<size_t>(stride)),
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
    if (i == size_) return ChooseOutcome(0, 0);
    for (int k = 0; k <= used && k < 2; ++k) {
      tiny_[i].key = k;
      ChooseKey(i + 1, std::max(used, k + 1));
    }
  }
  void ChooseOutcome(size_t i, int odd) {
    if (i == size_) return ChooseValue(0, 1, false);
    TinyOp& op = tiny_[i];
    op.outcome = Outcome::kOk;
    ChooseOutcome(i + 1, odd);
    if (op.is_read || odd == 2) return;
    for (const Outcome outcome : {Outcome::kInfo, Outcome::kFail}) {
      op.outcome = outcome;
      ChooseOutcome(i + 1, odd + 1);
    }
    op.outcome = Outcome::kOk;
  }
  void ChooseValue(size_t i, int next, bool thin_air) {
    if (i == size_) return Visit();
    TinyOp& op = tiny_[i];
    if (!op.is_read) {
      op.value = next;
      return ChooseValue(i + 1, next + 1, thin_air);
    }
    op.value = 0;
    ChooseValue(i + 1, next, thin_air);
    if (!thin_air) {
      op.value = kThinAir;
      ChooseValue(i + 1, next, true);
    }
    int value = 0;
    for (const TinyOp& other : tiny_) {
      if (other.is_read) continue;
      ++value;
      if (other.key != op.key) continue;
      op.value = value;
      ChooseValue(i + 1, next, thin_air);
    }
  }
  void Visit() {
    if (counter_++ % stride_ != 0) return;
    PlaceOverlapping(tiny_);
    ++visited_;
    visit_(tiny_);
  }

  size_t size_;
  size_t stride_;
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
    int n, int stride, const std::function<void(const TinyHistory&)>& visit) {
  return Enumeration(n, stride, visit).Run();
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

bool IsLongRun() { return std::getenv("MINOS_LONG_TESTS") != nullptr; }

}  // namespace minos::testing

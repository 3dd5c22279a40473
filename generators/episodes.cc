#include "generators/episodes.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>

namespace minos::generators {
namespace {

using targets::Function;
using targets::kMillisecond;
using targets::kNoNode;
using targets::Random;

// About how long an operation takes that nothing disturbs.
constexpr Nanoseconds kQuickOperation = 6 * kMillisecond;
// Keys of episodes are above those of workloads.
constexpr int32_t kFirstKey = 1000;

// So many clients take part in an episode, if there are as many. What few do is
// enough for most bugs, and leaves more for other episodes.
constexpr size_t kActors = 3;

// The operations first … last-1 of one client.
struct Turns {
  size_t first = 0;
  size_t last = 0;
};
using TurnsOfClients = std::vector<Turns>;

// How many operations of each client that takes part, and how long they take
// together.
struct Shape {
  int64_t turns = 0;
  Nanoseconds length = 0;
};

Shape DrawShape(Plot plot, Nanoseconds patience, Random& random) {
  const auto paced = [&random](int64_t fewest, int64_t most, int64_t fastest_ms,
                               int64_t slowest_ms) {
    const int64_t turns = random.Between(fewest, most);
    return Shape{turns,
                 turns * random.Between(fastest_ms, slowest_ms) * kMillisecond};
  };
  switch (plot) {
    case Plot::kFailOver:
      return {random.Between(2, 3), random.Between(patience / 3, patience)};
    case Plot::kLate:
      return {random.Between(4, 10), random.Between(100, 200) * kMillisecond};
    case Plot::kCutShort:
      return paced(2, 5, 17, 43);
    case Plot::kOutage:
    case Plot::kClocks:
    case Plot::kCalm:
      return paced(2, 4, 14, 70);
    case Plot::kStorm: {
      Shape shape = paced(2, 5, 4, 9);
      shape.length <<= random.Below(5);
      return shape;
    }
  }
  return {1, kQuickOperation};
}

class Cutter {
 public:
  Cutter(const EpisodeOptions& options, Random random, Recipe& recipe)
      : options_(options),
        random_(random),
        recipe_(recipe),
        next_(recipe.clients.size(), 0),
        acquired_(recipe.clients.size(), 0) {}

  std::vector<Episode> Cut() {
    std::vector<Episode> episodes;
    while (HasOperationsLeft()) {
      const Plot plot = NextPlot();
      const Shape shape = DrawShape(plot, options_.patience, random_);
      const TurnsOfClients turns = Take(static_cast<size_t>(shape.turns));
      if (options_.moves_keys) MoveKeys(turns);
      if (options_.moves_clients) MoveClients(turns);
      episodes.push_back(GiveTimes(plot, turns, shape.length));
    }
    if (options_.moves_keys) NameFinalKeys();
    return episodes;
  }

 private:
  Plot NextPlot() {
    if (plots_left_.empty()) {
      plots_left_ = options_.plots;
      random_.Shuffle(plots_left_);
    }
    const Plot plot = plots_left_.back();
    plots_left_.pop_back();
    return plot;
  }

  size_t CountLeft(size_t client) const {
    return recipe_.clients[client].operations.size() - next_[client];
  }
  bool HasOperationsLeft() const {
    for (size_t client = 0; client < next_.size(); ++client) {
      if (CountLeft(client) > 0) return true;
    }
    return false;
  }

  // The next `count` operations of some clients, of those that have most left.
  TurnsOfClients Take(size_t count) {
    TurnsOfClients turns(next_.size());
    std::vector<size_t> actors(next_.size());
    std::iota(actors.begin(), actors.end(), size_t{0});
    random_.Shuffle(actors);
    std::stable_sort(actors.begin(), actors.end(), [this](size_t a, size_t b) {
      return CountLeft(a) > CountLeft(b);
    });
    actors.resize(std::min(actors.size(), kActors));
    for (size_t client : actors) {
      const size_t first = next_[client];
      next_[client] += std::min(count, CountLeft(client));
      turns[client] = {first, next_[client]};
    }
    return turns;
  }

  // Calls `change(client, operation)` for each operation of these turns.
  template <typename Change>
  void ForEach(const TurnsOfClients& turns, const Change& change) {
    for (size_t client = 0; client < recipe_.clients.size(); ++client) {
      std::vector<PlannedOperation>& operations =
          recipe_.clients[client].operations;
      for (size_t i = turns[client].first; i < turns[client].last; ++i) {
        change(client, operations[i]);
      }
    }
  }

  // Those that were drawn, or new ones: one for each client, or few for all.
  // What an episode leaves in keys of its own is there to be read in the end.
  void MoveKeys(const TurnsOfClients& turns) {
    const uint64_t mode = random_.Below(4);
    if (mode == 0) {
      return ForEach(turns, [this](size_t client, PlannedOperation& planned) {
        Rename(client, planned.operation.key, planned.operation);
      });
    }
    const bool is_shared = mode > 1;
    const auto clients = static_cast<int32_t>(recipe_.clients.size());
    const int32_t count =
        is_shared ? static_cast<int32_t>(random_.Between(1, 3)) : clients;
    ForEach(turns, [&](size_t client, PlannedOperation& planned) {
      const auto index = static_cast<int32_t>(
          is_shared ? random_.Below(static_cast<uint64_t>(count)) : client);
      Rename(client, next_key_ + index, planned.operation);
    });
    next_key_ += count;
  }

  // What a client acquired it releases, whatever episode it is by then.
  void Rename(size_t client, int32_t key, targets::Operation& operation) {
    if (operation.function == Function::kRelease) key = acquired_[client];
    if (operation.function == Function::kAcquire) acquired_[client] = key;
    operation.key = key;
  }

  // They ask whom they would have asked, or each the same node for as long as
  // the episode lasts, or any node each time.
  void MoveClients(const TurnsOfClients& turns) {
    const uint64_t mode = random_.Below(3);
    if (mode == 0) return;
    const auto draw = [this] {
      return static_cast<NodeId>(
          random_.Below(static_cast<uint64_t>(recipe_.nodes)));
    };
    std::vector<NodeId> homes(recipe_.clients.size());
    std::generate(homes.begin(), homes.end(), draw);
    ForEach(turns, [&](size_t client, PlannedOperation& planned) {
      planned.node = mode == 1 ? homes[client] : draw();
    });
  }

  // Anywhere within the episode, in their order.
  Episode GiveTimes(Plot plot, const TurnsOfClients& turns,
                    Nanoseconds length) {
    Episode episode;
    episode.plot = plot;
    episode.begin = now_;
    episode.end = now_ + length + kQuickOperation;
    for (size_t index = 0; index < recipe_.clients.size(); ++index) {
      ClientPlan& client = recipe_.clients[index];
      const auto [first, last] = turns[index];
      std::vector<Nanoseconds> times;
      for (size_t i = first; i < last; ++i) {
        times.push_back(now_ + random_.Between(0, length));
      }
      std::sort(times.begin(), times.end());
      for (size_t i = first; i < last; ++i) {
        PlannedOperation& planned = client.operations[i];
        planned.think = 0;
        planned.not_before = times[i - first];
        episode.moments.push_back(
            {planned.not_before,
             planned.node == kNoNode ? client.home : planned.node,
             !targets::IsRead(planned.operation.function)});
      }
    }
    std::stable_sort(
        episode.moments.begin(), episode.moments.end(),
        [](const Moment& a, const Moment& b) { return a.time < b.time; });
    // Sometimes the store has time to recover before the next one.
    now_ = episode.end;
    if (random_.Chance(300'000)) {
      now_ += NearTimeout(options_.timeouts, random_);
    }
    return episode;
  }

  void NameFinalKeys() {
    if (recipe_.final_keys.empty()) return;
    std::set<int32_t> keys;
    for (const ClientPlan& client : recipe_.clients) {
      for (const PlannedOperation& planned : client.operations) {
        keys.insert(planned.operation.key);
      }
    }
    recipe_.final_keys.assign(keys.begin(), keys.end());
  }

  const EpisodeOptions& options_;
  Random random_;
  Recipe& recipe_;
  std::vector<Plot> plots_left_;
  std::vector<size_t> next_;  // by client: the first operation not yet taken
  Nanoseconds now_ = 0;
  int32_t next_key_ = kFirstKey;
  std::vector<int32_t> acquired_;  // by client: the last lock
};

}  // namespace

Nanoseconds NearTimeout(const std::vector<Nanoseconds>& timeouts,
                        Random& random) {
  const Nanoseconds timeout = timeouts[random.Below(timeouts.size())];
  return random.Between(std::max<Nanoseconds>(1, timeout / 4), 2 * timeout);
}

std::vector<Episode> CutIntoEpisodes(const EpisodeOptions& options,
                                     Random random, Recipe& recipe) {
  return Cutter(options, random, recipe).Cut();
}

}  // namespace minos::generators

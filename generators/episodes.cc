#include "generators/episodes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <optional>
#include <set>

namespace minos::generators {
namespace {

using targets::Function;
using targets::kMillisecond;
using targets::kNoNode;
using targets::Random;

// About how long an operation takes that nothing disturbs.
constexpr Nanoseconds kQuickOperation = 6 * kMillisecond;
// Keys of probes are above those of workloads.
constexpr int32_t kFirstKey = 1000;

// So many clients take part in a scramble, if there are as many. What few do is
// enough for most bugs, and leaves more for other episodes.
constexpr size_t kActors = 3;

// A step of a probe: one of its clients reads or updates the key.
struct Step {
  size_t client = 0;
  bool is_update = false;
};
using Probe = std::vector<Step>;

const Probe& DrawProbe(Random& random) {
  static const auto* const kProbes = new std::array<Probe, 2>{
      Probe{{0, true}, {0, false}},
      Probe{{0, true}, {1, true}, {2, false}, {0, false}}};
  return (*kProbes)[random.Below(kProbes->size())];
}

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
        next_(recipe.clients.size(), 0) {}

  std::vector<Episode> Cut() {
    const bool probes = options_.probes && CanProbe();
    std::vector<Episode> episodes;
    while (HasOperationsLeft()) {
      const Plot plot = NextPlot();
      episodes.push_back(probes ? MakeProbe(plot) : MakeScramble(plot));
      // Sometimes the store has time to recover before the next one.
      now_ = episodes.back().end;
      if (random_.Chance(300'000)) {
        now_ += NearTimeout(options_.timeouts, random_);
      }
    }
    if (probes && options_.moves_keys) NameFinalKeys();
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

  bool CanProbe() const {
    bool has_reads = false;
    bool has_updates = false;
    for (const ClientPlan& client : recipe_.clients) {
      for (const PlannedOperation& planned : client.operations) {
        const Function function = planned.operation.function;
        if (function == Function::kAcquire) return false;
        has_reads |= targets::IsRead(function);
        has_updates |= !targets::IsRead(function);
      }
    }
    return has_reads && has_updates;
  }

  NodeId DrawNode() {
    return static_cast<NodeId>(
        random_.Below(static_cast<uint64_t>(recipe_.nodes)));
  }

  Episode Begin(Plot plot, Nanoseconds length) const {
    Episode episode;
    episode.plot = plot;
    episode.begin = now_;
    episode.end = now_ + length + kQuickOperation;
    return episode;
  }
  void Plan(size_t client, Nanoseconds time, PlannedOperation& planned,
            Episode& episode) const {
    planned.think = 0;
    planned.not_before = time;
    episode.moments.push_back(
        {time,
         planned.node == kNoNode ? recipe_.clients[client].home : planned.node,
         !targets::IsRead(planned.operation.function)});
  }
  // `count` moments of the next `length`, ascending.
  std::vector<Nanoseconds> DrawTimes(size_t count, Nanoseconds length) {
    std::vector<Nanoseconds> times(count);
    std::generate(times.begin(), times.end(),
                  [&] { return now_ + random_.Between(0, length); });
    std::sort(times.begin(), times.end());
    return times;
  }

  // Scrambles.

  // Each client's operations are anywhere within the episode, in their order.
  Episode MakeScramble(Plot plot) {
    const Shape shape = DrawShape(plot, options_.patience, random_);
    const TurnsOfClients turns = Take(static_cast<size_t>(shape.turns));
    if (options_.moves_clients) MoveClients(turns);
    Episode episode = Begin(plot, shape.length);
    for (size_t client = 0; client < recipe_.clients.size(); ++client) {
      const auto [first, last] = turns[client];
      const std::vector<Nanoseconds> times =
          DrawTimes(last - first, shape.length);
      for (size_t i = first; i < last; ++i) {
        Plan(client, times[i - first], recipe_.clients[client].operations[i],
             episode);
      }
    }
    std::stable_sort(
        episode.moments.begin(), episode.moments.end(),
        [](const Moment& a, const Moment& b) { return a.time < b.time; });
    return episode;
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

  // They ask whom they would have asked, or each the same node for as long as
  // the episode lasts, or any node each time.
  void MoveClients(const TurnsOfClients& turns) {
    const uint64_t mode = random_.Below(3);
    if (mode == 0) return;
    for (size_t client = 0; client < recipe_.clients.size(); ++client) {
      const NodeId home = DrawNode();
      for (size_t i = turns[client].first; i < turns[client].last; ++i) {
        recipe_.clients[client].operations[i].node =
            mode == 1 ? home : DrawNode();
      }
    }
  }

  // Probes.

  Episode MakeProbe(Plot plot) {
    const Probe& probe = DrawProbe(random_);
    const auto steps = static_cast<int64_t>(probe.size());
    const Nanoseconds length =
        plot == Plot::kFailOver
            ? DrawShape(plot, options_.patience, random_).length
            : steps * random_.Between(4, 30) * kMillisecond;
    const std::vector<Nanoseconds> times = DrawTimes(probe.size(), length);
    const std::vector<size_t> clients = ClientsForProbe();
    const bool is_fresh = options_.moves_keys && random_.Chance(750'000);
    std::optional<int32_t> key;
    const uint64_t mode = options_.moves_clients ? random_.Below(3) : 0;
    const NodeId first = DrawNode();
    Episode episode = Begin(plot, length);
    for (size_t i = 0; i < probe.size(); ++i) {
      const size_t client = clients[probe[i].client % clients.size()];
      if (CountLeft(client) == 0) continue;
      PlannedOperation& planned = TakeLike(client, probe[i].is_update, key);
      if (is_fresh) {
        planned.operation.key = next_key_;
      } else if (!key.has_value()) {
        key = planned.operation.key;
      }
      const auto turn = static_cast<NodeId>(probe[i].client);
      if (mode == 1) planned.node = (first + turn) % recipe_.nodes;
      if (mode == 2) planned.node = DrawNode();
      Plan(client, times[i], planned, episode);
    }
    next_key_ += is_fresh ? 1 : 0;
    return episode;
  }

  // Those that have operations left; first some with different homes.
  std::vector<size_t> ClientsForProbe() {
    std::vector<size_t> clients;
    for (size_t client = 0; client < next_.size(); ++client) {
      if (CountLeft(client) > 0) clients.push_back(client);
    }
    random_.Shuffle(clients);
    std::set<NodeId> homes;
    std::stable_partition(clients.begin(), clients.end(), [&](size_t client) {
      return homes.insert(recipe_.clients[client].home).second;
    });
    return clients;
  }

  // The next operation of a client that reads or updates as wanted, and has
  // this key if there is one; or else that is as alike as any. It changes
  // places with those before it.
  PlannedOperation& TakeLike(size_t client, bool is_update,
                             std::optional<int32_t> key) {
    std::vector<PlannedOperation>& operations =
        recipe_.clients[client].operations;
    const auto begin = operations.begin() + static_cast<int64_t>(next_[client]);
    const auto likeness = [&](const PlannedOperation& planned) {
      const targets::Operation& operation = planned.operation;
      const bool is_kind = targets::IsRead(operation.function) != is_update;
      return (is_kind ? 2 : 0) + (operation.key == key.value_or(operation.key));
    };
    const auto found = std::max_element(
        begin, operations.end(),
        [&](const PlannedOperation& a, const PlannedOperation& b) {
          return likeness(a) < likeness(b);
        });
    std::rotate(begin, found, found + 1);
    return operations[next_[client]++];
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

#include "generators/ambushes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace minos::generators {
namespace {

using targets::FaultSet;
using targets::kMillisecond;
using targets::Random;

// About how long an operation takes that nothing disturbs.
constexpr Nanoseconds kQuickOperation = 6 * kMillisecond;
// No link is slower than what a delay fault may do.
constexpr Nanoseconds kSlowestLink = 200 * kMillisecond;

bool NeedsPeers(FaultKind kind) {
  return kind == FaultKind::kPartition || kind == FaultKind::kDuplicate ||
         kind == FaultKind::kReorder;
}

// What is allowed, and makes a difference.
FaultSet Possible(const AmbushOptions& options) {
  FaultSet kinds;
  for (FaultKind kind : targets::kAllFaultKinds) {
    const bool is_possible = options.nodes > 1 || !NeedsPeers(kind);
    if (is_possible && options.kinds.contains(kind)) kinds.Insert(kind);
  }
  return kinds;
}

// Two different nodes.
std::vector<NodeId> DrawLink(int count, Random& random) {
  const auto nodes = static_cast<uint64_t>(count);
  const uint64_t from = random.Below(nodes);
  const uint64_t to = (from + 1 + random.Below(nodes - 1)) % nodes;
  return {static_cast<NodeId>(from), static_cast<NodeId>(to)};
}

class Ambush {
 public:
  Ambush(const AmbushOptions& options, const Episode& episode, Random random)
      : options_(options),
        episode_(episode),
        kinds_(Possible(options)),
        random_(random) {
    DrawVictim();
  }

  std::vector<PlannedFault> Lay() && {
    if (episode_.plot == Plot::kCalm) return {};
    constexpr std::array kFurther = {Plot::kFailOver, Plot::kCutShort,
                                     Plot::kLate, Plot::kOutage};
    Follow(episode_.plot);
    if (!options_.probes && random_.Below(3) == 0) return std::move(faults_);
    for (int i = options_.probes ? 1 : 3; i > 0; --i) {
      Follow(kFurther[random_.Below(kFurther.size())]);
    }
    LieInWait();
    return std::move(faults_);
  }

 private:
  void Follow(Plot plot) {
    switch (plot) {
      case Plot::kFailOver:
        return FailOver();
      case Plot::kCutShort:
        return CutShort();
      case Plot::kLate:
        return Late();
      case Plot::kOutage:
        return Outage();
      case Plot::kClocks:
        return Clocks();
      case Plot::kStorm:
        return Storm();
      case Plot::kCalm:
        return;
    }
  }

  // What there is to draw from.

  bool Has(FaultKind kind) const { return kinds_.contains(kind); }
  bool Flip() { return random_.Chance(500'000); }
  Nanoseconds Length() const { return episode_.end - episode_.begin; }

  void DrawVictim() {
    is_aimed_ = Flip();
    victim_ = is_aimed_ ? 0 : DrawNode();
  }
  NodeId DrawNode() {
    return static_cast<NodeId>(
        random_.Below(static_cast<uint64_t>(options_.nodes)));
  }

  // The victim first, all others in some order.
  std::vector<NodeId> VictimFirst() {
    std::vector<NodeId> nodes;
    for (NodeId node = 0; node < options_.nodes; ++node) {
      if (node != victim_) nodes.push_back(node);
    }
    random_.Shuffle(nodes);
    nodes.insert(nodes.begin(), victim_);
    return nodes;
  }
  // `count` nodes with the victim among them.
  std::vector<NodeId> WithVictim(size_t count) {
    std::vector<NodeId> nodes = VictimFirst();
    nodes.resize(count);
    std::sort(nodes.begin(), nodes.end());
    return nodes;
  }
  // Mostly the victim alone, sometimes more, now and then all.
  std::vector<NodeId> Victims() {
    const auto all = static_cast<size_t>(options_.nodes);
    const uint64_t draw = random_.Below(100);
    if (draw < 60) return {victim_};
    return WithVictim(draw < 85 ? 1 + random_.Below(all) : all);
  }

  const Moment& AnyMoment() {
    return episode_.moments[random_.Below(episode_.moments.size())];
  }
  // Within an operation; if possible an update, at the victim.
  Nanoseconds DrawMoment() {
    const Moment* moment = &AnyMoment();
    for (int i = 0; i < 4; ++i) {
      const bool is_near = is_aimed_ || moment->node == victim_;
      if (is_near && moment->is_update) break;
      moment = &AnyMoment();
    }
    return moment->time + random_.Between(0, 2 * kQuickOperation);
  }
  Nanoseconds Brief() {
    return random_.Between(kMillisecond, 40 * kMillisecond);
  }
  // Each magnitude is as likely as the next.
  Nanoseconds DrawMagnitude(Nanoseconds low, Nanoseconds high) {
    uint64_t doublings = 0;
    while (low << (doublings + 1) <= high) ++doublings;
    const Nanoseconds least = low << random_.Below(doublings + 1);
    return random_.Between(least, std::min(high, 2 * least));
  }
  // About a time-out, or a part of the episode.
  Nanoseconds Long() {
    return Flip() ? NearTimeout(options_.timeouts, random_)
                  : random_.Between(Length() / 8, Length());
  }

  PlannedFault& Add(FaultKind kind, Nanoseconds start, Nanoseconds duration,
                    std::vector<NodeId> nodes) {
    PlannedFault fault;
    fault.kind = kind;
    fault.start = start;
    fault.duration = duration;
    fault.nodes = std::move(nodes);
    fault.is_aimed = is_aimed_ && !fault.nodes.empty();
    faults_.push_back(std::move(fault));
    return faults_.back();
  }
  void Cut(PartitionShape shape, Nanoseconds start, Nanoseconds duration) {
    Add(FaultKind::kPartition, start, duration, VictimFirst()).shape = shape;
  }

  // The plots.

  // The victim is gone for long: cut off, alone or with some others, down, or
  // paused; or it restarts, and is then the only one that everybody hears.
  // Sometimes only some of the others hear what it says before that.
  void FailOver() {
    enum class Way : uint8_t { kAlone, kPart, kBridge, kDown, kPaused };
    std::vector<Way> ways;
    if (Has(FaultKind::kPartition)) {
      ways = {Way::kAlone, Way::kAlone, Way::kPart};
      if (options_.nodes > 2) ways.push_back(Way::kBridge);
    }
    if (Has(FaultKind::kCrash)) {
      if (options_.nodes > 2 && Has(FaultKind::kPartition)) {
        ways.push_back(Way::kBridge);
      }
      ways.push_back(Way::kDown);
    }
    if (Has(FaultKind::kPause)) ways.push_back(Way::kPaused);
    if (ways.empty()) return;
    const bool is_half_heard = Has(FaultKind::kDelay) && options_.nodes > 2;
    if (is_half_heard && random_.Chance(250'000)) SlowSome(/*out=*/true);
    const Nanoseconds start = episode_.begin + random_.Between(0, Length() / 3);
    const Nanoseconds duration = random_.Between(Length() / 3, Length());
    switch (ways[random_.Below(ways.size())]) {
      case Way::kAlone:
        return Cut(PartitionShape::kOne, start, duration);
      case Way::kPart:
        return Cut(Flip() ? PartitionShape::kHalves : PartitionShape::kOneWay,
                   start, duration);
      case Way::kBridge:
        Cut(PartitionShape::kBridge, start, duration);
        if (!Has(FaultKind::kCrash)) return;
        Add(FaultKind::kCrash, start + random_.Between(0, duration), Brief(),
            {victim_});
        return;
      case Way::kDown:
        Add(FaultKind::kCrash, start, duration, {victim_});
        return;
      case Way::kPaused:
        Add(FaultKind::kPause, start, duration, {victim_});
        return;
    }
  }

  // The nodes that are asked for updates fail for a moment, some message delays
  // after that.
  void CutShort() {
    std::vector<FaultKind> ways;
    for (FaultKind kind :
         {FaultKind::kCrash, FaultKind::kPartition, FaultKind::kPause}) {
      if (Has(kind)) ways.push_back(kind);
    }
    if (ways.empty()) return;
    std::vector<Moment> moments;
    std::copy_if(episode_.moments.begin(), episode_.moments.end(),
                 std::back_inserter(moments),
                 [](const Moment& moment) { return moment.is_update; });
    if (moments.empty()) moments = episode_.moments;
    for (int64_t i = random_.Between(1, 4); i > 0; --i) {
      const Moment& moment = moments[random_.Below(moments.size())];
      is_aimed_ = random_.Chance(300'000);
      victim_ = is_aimed_ ? 0 : moment.node;
      const Nanoseconds start =
          moment.time + random_.Between(0, 14 * kMillisecond);
      const Nanoseconds duration = random_.Between(1, 20) * kMillisecond;
      const FaultKind kind = ways[random_.Below(ways.size())];
      if (kind == FaultKind::kPartition) {
        const bool is_one_way = random_.Chance(300'000);
        Cut(is_one_way ? PartitionShape::kOneWay : PartitionShape::kOne, start,
            duration);
      } else {
        Add(kind, start, duration, {victim_});
      }
    }
  }

  // Something is late, or cut in part, from the beginning to the end.
  void Late() {
    const bool may_cut = Has(FaultKind::kPartition);
    const bool may_slow = Has(FaultKind::kDelay) && options_.nodes > 1;
    if (!may_cut && !may_slow) return;
    DrawVictim();
    if (may_cut && (!may_slow || random_.Chance(200'000))) {
      const bool is_bridge = options_.nodes > 2 && Flip();
      return Cut(is_bridge ? PartitionShape::kBridge : PartitionShape::kOneWay,
                 episode_.begin, Length());
    }
    for (int64_t i = random_.Chance(300'000) ? 2 : 1; i > 0; --i) SlowSomehow();
  }

  // Most nodes, or all.
  void Outage() {
    const bool may_crash = Has(FaultKind::kCrash);
    const bool may_pause = Has(FaultKind::kPause);
    if (!may_crash && !may_pause) return;
    const auto all = static_cast<size_t>(options_.nodes);
    const std::vector<NodeId> nodes = WithVictim(Flip() ? all : 1 + all / 2);
    const bool pauses = !may_crash || (may_pause && random_.Chance(200'000));
    for (int64_t i = random_.Between(1, 2); i > 0; --i) {
      const Nanoseconds start = DrawMoment();
      Add(pauses ? FaultKind::kPause : FaultKind::kCrash, start,
          Flip() ? Brief() : Long(), nodes);
    }
  }

  // By about a time-out, or by more than any.
  void Clocks() {
    if (!Has(FaultKind::kClock)) return;
    for (int64_t i = random_.Between(1, 3); i > 0; --i) JumpClocks();
  }

  void Storm() {
    std::vector<FaultKind> kinds;
    for (FaultKind kind : targets::kAllFaultKinds) {
      if (Has(kind)) kinds.push_back(kind);
    }
    if (kinds.empty()) return;
    random_.Shuffle(kinds);
    kinds.resize(std::min<size_t>(kinds.size(), 3));
    for (int64_t i = random_.Between(2, 8); i > 0; --i) {
      Strike(kinds[random_.Below(kinds.size())]);
    }
  }

  // What happens seldom is waited for: then the node to which it happened
  // crashes or pauses, and the next ones to which it does; or it is cut off, or
  // is all that holds two halves together; or one of its links gets slow.
  void LieInWait() {
    std::vector<FaultKind> ways;
    for (FaultKind kind :
         {FaultKind::kCrash, FaultKind::kCrash, FaultKind::kPartition,
          FaultKind::kPartition, FaultKind::kPause, FaultKind::kDelay}) {
      const bool is_possible = kind != FaultKind::kDelay || options_.nodes > 1;
      if (Has(kind) && is_possible) ways.push_back(kind);
    }
    if (ways.empty()) return;
    constexpr std::array<int64_t, 4> kRarities = {3, 8, 20, 60};
    is_aimed_ = true;
    victim_ = 0;
    const size_t first = faults_.size();
    const FaultKind kind = ways[random_.Below(ways.size())];
    const Nanoseconds from = episode_.begin + random_.Between(0, Length() / 2);
    const Nanoseconds duration =
        Flip() ? DrawMagnitude(kMillisecond / 8, 40 * kMillisecond) : Long();
    const Nanoseconds delay =
        DrawMagnitude(kMillisecond / 16, 8 * kMillisecond);
    const int64_t rarity = kRarities[random_.Below(kRarities.size())];
    if (kind == FaultKind::kPartition) {
      CutVictim(from, duration);
    } else if (kind == FaultKind::kDelay) {
      SlowVictim(from);
    } else {
      for (int64_t i = random_.Between(1, 2); i > 0; --i) {
        Add(kind, from, duration, {victim_});
      }
    }
    for (size_t i = first; i < faults_.size(); ++i) {
      faults_[i].rarity = rarity;
      faults_[i].delay = delay;
    }
  }

  // Their parts.

  void CutVictim(Nanoseconds start, Nanoseconds duration) {
    constexpr std::array kShapes = {
        PartitionShape::kOneWay, PartitionShape::kOne, PartitionShape::kBridge,
        PartitionShape::kBridge};
    Cut(kShapes[random_.Below(options_.nodes > 2 ? 4 : 2)], start, duration);
  }

  // What it hears from another node, or what that one hears.
  void SlowVictim(Nanoseconds start) {
    const auto others = static_cast<uint64_t>(options_.nodes - 1);
    std::vector<NodeId> link = {victim_,
                                static_cast<NodeId>(1 + random_.Below(others))};
    if (Flip()) std::swap(link[0], link[1]);
    const Nanoseconds duration = Long();
    Add(FaultKind::kDelay, start, duration, std::move(link)).amount =
        std::min(Long(), kSlowestLink);
  }

  void Strike(FaultKind kind) {
    switch (kind) {
      case FaultKind::kPartition:
        return CutSomehow();
      case FaultKind::kCrash:
      case FaultKind::kPause: {
        const Nanoseconds start = DrawMoment();
        Add(kind, start, Flip() ? Brief() : Long(), Victims());
        return;
      }
      case FaultKind::kClock:
        return JumpClocks();
      case FaultKind::kDelay:
        if (options_.nodes > 1 && random_.Chance(800'000)) return SlowSomehow();
        return Weather(kind);
      case FaultKind::kLoss:
      case FaultKind::kDuplicate:
      case FaultKind::kReorder:
        return Weather(kind);
    }
  }

  void CutSomehow() {
    constexpr std::array kShapes = {
        PartitionShape::kOne, PartitionShape::kOne, PartitionShape::kHalves,
        PartitionShape::kOneWay, PartitionShape::kBridge};
    const PartitionShape shape =
        kShapes[random_.Below(options_.nodes > 2 ? 5 : 4)];
    const Nanoseconds start = DrawMoment();
    Cut(shape, start, random_.Chance(300'000) ? Brief() : Long());
    // What the others say does not reach the victim, instead of the reverse.
    const bool is_reversed = shape == PartitionShape::kOneWay && Flip();
    std::vector<NodeId>& nodes = faults_.back().nodes;
    if (is_reversed) std::reverse(nodes.begin(), nodes.end());
  }

  void JumpClocks() {
    std::vector<NodeId> nodes;
    for (NodeId node = 0; node < options_.nodes; ++node) {
      if (node == victim_ || Flip()) nodes.push_back(node);
    }
    const Nanoseconds start = DrawMoment();
    PlannedFault& fault = Add(FaultKind::kClock, start, Long(), nodes);
    const Nanoseconds longest =
        *std::max_element(options_.timeouts.begin(), options_.timeouts.end());
    fault.amount = Flip() ? NearTimeout(options_.timeouts, random_)
                          : longest * random_.Between(1, 4);
    if (Flip()) fault.amount = -fault.amount;
    fault.rate_parts = random_.Between(-50'000, 50'000);
  }

  // For the whole episode, all nodes, all links.
  void Weather(FaultKind kind) {
    PlannedFault& fault = Add(kind, episode_.begin, Length(), {});
    if (kind == FaultKind::kDelay) {
      fault.amount = random_.Between(10 * kMillisecond, kSlowestLink);
    } else if (kind != FaultKind::kReorder) {
      fault.amount = random_.Between(50'000, 500'000);
    }
  }

  void SlowSomehow() {
    switch (random_.Below(3)) {
      case 0:
        return SlowSome(/*out=*/true);
      case 1:
        return SlowSome(/*out=*/false);
      default:
        for (int64_t i = random_.Between(1, 2); i > 0; --i) {
          Slow(DrawLink(options_.nodes, random_), DrawSlowness());
        }
    }
  }
  // Some of the others hear the victim late, or it hears them.
  void SlowSome(bool out) {
    const Nanoseconds slowness = DrawSlowness();
    const bool is_all = random_.Chance(300'000);
    for (NodeId node = 0; node < options_.nodes; ++node) {
      if (node == victim_ || (!is_all && Flip())) continue;
      Slow(out ? std::vector{victim_, node} : std::vector{node, victim_},
           slowness);
    }
  }
  void Slow(std::vector<NodeId> link, Nanoseconds slowness) {
    Add(FaultKind::kDelay, episode_.begin, Length(), std::move(link)).amount =
        slowness;
  }
  Nanoseconds DrawSlowness() {
    const bool is_about_it = episode_.plot == Plot::kLate;
    return std::min(
        is_about_it ? random_.Between(Length() / 2, 2 * Length()) : Long(),
        kSlowestLink);
  }

  const AmbushOptions& options_;
  const Episode& episode_;
  FaultSet kinds_;
  Random random_;
  // Counted from whoever answered last, if it is aimed.
  NodeId victim_ = 0;
  bool is_aimed_ = false;
  std::vector<PlannedFault> faults_;
};

}  // namespace

std::vector<Plot> PlotsFor(const AmbushOptions& options) {
  const FaultSet kinds = Possible(options);
  const bool cuts = kinds.contains(FaultKind::kPartition);
  const bool stops =
      kinds.contains(FaultKind::kCrash) || kinds.contains(FaultKind::kPause);
  const bool slows = kinds.contains(FaultKind::kDelay) && options.nodes > 1;
  std::vector<Plot> plots;
  const auto add = [&plots](int times, Plot plot) {
    plots.insert(plots.end(), static_cast<size_t>(times), plot);
  };
  // What probes look for needs something to go wrong, a fail-over above all.
  const int often = options.probes ? 1 : 2;
  if (cuts || stops) {
    add(options.probes ? 5 : 2, Plot::kFailOver);
    add(often, Plot::kCutShort);
  }
  if (cuts || slows) add(often, Plot::kLate);
  if (stops) add(often, Plot::kOutage);
  if (kinds.contains(FaultKind::kClock)) add(1, Plot::kClocks);
  if (!kinds.empty()) add(often, Plot::kStorm);
  if (!options.probes || kinds.empty()) add(often, Plot::kCalm);
  return plots;
}

std::vector<PlannedFault> LayAmbush(const AmbushOptions& options,
                                    const Episode& episode, Random random) {
  return Ambush(options, episode, random).Lay();
}

std::vector<PlannedFault> SlowLinks(const AmbushOptions& options,
                                    const std::vector<Episode>& episodes,
                                    Random random) {
  std::vector<PlannedFault> faults;
  const bool is_possible = options.kinds.contains(FaultKind::kDelay) &&
                           options.nodes > 1 && !episodes.empty();
  if (!is_possible) return faults;
  if (!random.Chance(options.probes ? 500'000 : 900'000)) return faults;
  const Nanoseconds end = episodes.back().end;
  const auto draw_time = [&] {
    const Episode& episode = episodes[random.Below(episodes.size())];
    return random.Between(episode.begin, episode.end);
  };
  for (int64_t i = random.Between(1, 2); i > 0; --i) {
    PlannedFault slow;
    slow.kind = FaultKind::kDelay;
    slow.nodes = DrawLink(options.nodes, random);
    slow.amount = random.Between(30 * kMillisecond, kSlowestLink);
    slow.start = random.Chance(500'000) ? 0 : draw_time();
    const Nanoseconds stop = random.Chance(500'000) ? end : draw_time();
    slow.duration = stop > slow.start ? stop - slow.start : end;
    faults.push_back(std::move(slow));
  }
  return faults;
}

}  // namespace minos::generators

// tiered: hot keys are strong, cold keys are eventual, and keys move.
//
//            freeze ─▶ frozen(copy) ×n            thaw(copy) ─▶ thawed ×n
//   cold ───────────────────────────────▶ hot ───────────────────────────▶ cold
//
// A cold key has a copy at every node: the node beside the client answers, the
// last writer wins (see lww.h), and nodes send each other what they have. A hot
// key has one copy, at node n1, the *hot tier*, which orders everything.
//
// Nodes tell n1 how often each key was asked for; it makes the `hot_keys` most
// used ones hot, and lets others cool down. A key moves in epochs, odd while it
// is hot. To heat it, n1 asks every node to freeze its copy and to hand it
// over; when all have, nobody else serves the key any more, and the greatest
// copy is what the hot tier starts from. To cool it, n1 stops serving it, and
// gives every node the last copy; each serves again from then on. So between
// any two moments at which a client may be answered, what was answered before
// is known: stamps of a key never go back for anybody who stays at his node.
//
// Promises `coherence` (each key by itself is sequentially consistent) and
// `eventual` under every fault; with hot_keys=0 the keys are never hot. While a
// key is hot it is linearizable, but nobody is told when that is.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "targets/stores/lww.h"
#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr NodeId kHotTier = 0;
constexpr Nanoseconds kTick = 40 * kMillisecond;

using Heat = std::map<int32_t, int64_t>;  // how often each key was asked for

struct TieredMessage {
  enum Kind : uint8_t {
    kCopies,  // node → node: `copies` of cold keys
    kHeat,    // node → hot tier: since the last one
    kFreeze,  // hot tier → node: `key` gets hot
    kFrozen,  // the answer, with its copy
    kThaw,    // hot tier → node: `key` is cold again, with the last copy
    kThawed,  // the answer
  } kind = kCopies;
  int32_t key = 0;
  int64_t epoch = 0;
  LwwRegisters copies;
  Heat heat;
  std::string_view name() const {
    constexpr std::string_view kNames[] = {"copies", "heat", "freeze",
                                           "frozen", "thaw", "thawed"};
    return kNames[kind];
  }
};

// A key that moves, or has moved, at the hot tier.
struct Move {
  enum Phase : uint8_t { kCold, kHeating, kHot, kCooling } phase = kCold;
  int64_t epoch = 0;
  uint64_t waiting = 0;  // a bit set of nodes that have not answered
  Stamped at_freeze;     // the copy of the hot tier when the heating began
};

struct TieredDisk {
  LwwRegisters copies;
  std::map<int32_t, int64_t> epochs;  // of each key; frozen if odd
  std::map<int32_t, Move> moves;      // of the hot tier
};

class TieredNode : public Node<TieredMessage, TieredDisk> {
 public:
  void OnStart() override {
    hot_keys_ = static_cast<size_t>(Parameter("hot_keys"));
    period_ = Milliseconds("period_ms");
    heats_early_ = HasBug("heat-without-copies");
    cools_stale_ = HasBug("cool-to-old-copy");
    reads_frozen_ = HasBug("frozen-reads");
    After(kTick, 0);
  }

  void OnRequest(const Request& request) override {
    const Operation& operation = request.operation;
    ++heat_[operation.key];
    const bool is_at_home = request.token.front() == id();
    if (id() == kHotTier && IsHot(operation.key)) return Serve(request);
    const bool is_frozen = IsFrozen(operation.key);
    if (is_at_home && (!is_frozen || MayReadFrozen(operation))) {
      return Serve(request);
    }
    ReplyRedirect(request, is_frozen && id() != kHotTier ? kHotTier : kNoNode);
  }

  void OnMessage(NodeId from, const TieredMessage& message) override {
    switch (message.kind) {
      case TieredMessage::kCopies:
        return disk().copies.Merge(message.copies);
      case TieredMessage::kHeat:
        for (const auto& [key, count] : message.heat) heat_[key] += count;
        return;
      case TieredMessage::kFreeze:
        return OnFreeze(from, message);
      case TieredMessage::kThaw:
        return OnThaw(from, message);
      case TieredMessage::kFrozen:
      case TieredMessage::kThawed:
        return OnAnswer(from, message);
    }
  }

  void OnTimer(int64_t) override {
    After(kTick, 0);
    ShareColdKeys();
    if (id() != kHotTier) {
      if (!heat_.empty()) Send(kHotTier, HeatMessage());
      return heat_.clear();
    }
    for (auto& [key, move] : disk().moves) SendRound(key, move);
    since_choice_ += kTick;
    if (since_choice_ < period_) return;
    since_choice_ = 0;
    ChooseHotKeys();
    heat_.clear();
  }

 private:
  bool IsFrozen(int32_t key) { return disk().epochs[key] % 2 == 1; }
  bool IsHot(int32_t key) { return disk().moves[key].phase == Move::kHot; }
  bool MayReadFrozen(const Operation& operation) const {
    return reads_frozen_ && IsRead(operation.function);
  }

  void Serve(const Request& request) {
    const Operation& operation = request.operation;
    if (!IsRead(operation.function)) {
      disk().copies.Write(operation.key, operation.argument, id());
    }
    Reply(request, disk().copies.Read(operation.key));
  }

  TieredMessage CopyMessage(int32_t key) {
    TieredMessage message;
    message.copies.Learn(key, disk().copies.Get(key));
    message.copies.counter = disk().copies.counter;
    return message;
  }
  // The copy of a frozen key is not to be spread before it thaws.
  void ShareColdKeys() {
    if (node_count() == 1) return;
    TieredMessage message;
    message.copies = disk().copies;
    std::erase_if(message.copies.keys,
                  [this](const auto& entry) { return IsFrozen(entry.first); });
    const int step = 1 + round_++ % (node_count() - 1);
    Send((id() + step) % node_count(), std::move(message));
  }

  TieredMessage HeatMessage() {
    TieredMessage message;
    message.kind = TieredMessage::kHeat;
    message.heat = heat_;
    return message;
  }

  // Every node, the hot tier as well.

  void OnFreeze(NodeId from, const TieredMessage& message) {
    int64_t& epoch = disk().epochs[message.key];
    if (message.epoch < epoch) return;
    epoch = message.epoch;
    TieredMessage answer = CopyMessage(message.key);
    answer.kind = TieredMessage::kFrozen;
    answer.key = message.key;
    answer.epoch = epoch;
    Send(from, std::move(answer));
  }

  void OnThaw(NodeId from, const TieredMessage& message) {
    int64_t& epoch = disk().epochs[message.key];
    if (message.epoch > epoch) {
      disk().copies.Merge(message.copies);
      epoch = message.epoch;
    }
    TieredMessage answer;
    answer.kind = TieredMessage::kThawed;
    answer.key = message.key;
    answer.epoch = message.epoch;
    Send(from, std::move(answer));
  }

  // The hot tier.

  void Begin(int32_t key, Move::Phase phase) {
    Move& move = disk().moves[key];
    move.phase = phase;
    ++move.epoch;
    move.waiting = (uint64_t{1} << node_count()) - 1;
    if (phase == Move::kHeating) {
      move.at_freeze = disk().copies.Get(key);
      if (heats_early_) move.phase = Move::kHot;
    } else if (cools_stale_) {
      disk().copies.keys[key] = move.at_freeze;
    }
    SendRound(key, move);
  }

  // What nodes have not answered is sent again: messages may be lost.
  void SendRound(int32_t key, const Move& move) {
    if (move.waiting == 0) return;
    const bool cools = move.phase == Move::kCooling;
    TieredMessage message = cools ? CopyMessage(key) : TieredMessage();
    message.kind = cools ? TieredMessage::kThaw : TieredMessage::kFreeze;
    message.key = key;
    message.epoch = move.epoch;
    for (NodeId to = 0; to < node_count(); ++to) {
      if ((move.waiting >> to & 1) != 0) Send(to, message);
    }
  }

  void OnAnswer(NodeId from, const TieredMessage& message) {
    Move& move = disk().moves[message.key];
    if (message.epoch != move.epoch) return;
    if (!heats_early_) disk().copies.Merge(message.copies);
    move.waiting &= ~(uint64_t{1} << from);
    if (move.waiting != 0) return;
    if (move.phase == Move::kHeating) move.phase = Move::kHot;
    if (move.phase == Move::kCooling) move.phase = Move::kCold;
  }

  // The most used keys; of two alike, the lower one.
  std::vector<int32_t> MostUsed() const {
    std::vector<std::pair<int64_t, int32_t>> ranking;
    for (const auto& [key, count] : heat_) ranking.push_back({-count, key});
    std::sort(ranking.begin(), ranking.end());
    std::vector<int32_t> keys;
    for (size_t i = 0; i < ranking.size() && i < hot_keys_; ++i) {
      keys.push_back(ranking[i].second);
    }
    return keys;
  }

  void ChooseHotKeys() {
    const std::vector<int32_t> wanted = MostUsed();
    const auto is_wanted = [&](int32_t key) {
      return std::find(wanted.begin(), wanted.end(), key) != wanted.end();
    };
    size_t occupied = 0;
    for (auto& [key, move] : disk().moves) {
      if (move.phase == Move::kHot && move.waiting == 0 && !is_wanted(key)) {
        Begin(key, Move::kCooling);
      }
      occupied += move.phase != Move::kCold ? 1 : 0;
    }
    for (int32_t key : wanted) {
      if (occupied >= hot_keys_) return;
      if (disk().moves[key].phase != Move::kCold) continue;
      Begin(key, Move::kHeating);
      ++occupied;
    }
  }

  size_t hot_keys_ = 0;
  Nanoseconds period_ = 0;
  Nanoseconds since_choice_ = 0;
  bool heats_early_ = false;
  bool cools_stale_ = false;
  bool reads_frozen_ = false;
  int round_ = 0;
  Heat heat_;
};

// Asks the node beside it, which knows whether the key is elsewhere.
class TieredSession : public Session {
 public:
  void Prepare(Request& request) override { request.token = {home()}; }
  NodeId Route(const Operation&, NodeId, int) override { return home(); }
};

}  // namespace

TargetInfo Tiered() {
  TargetInfo info;
  info.name = "tiered";
  info.summary = "Hot keys strong, cold keys eventual; keys move between";
  info.workloads = {"register", "multi-key", "session-mix", "reads-only-final"};
  info.parameters = {
      {"hot_keys", 1, 0, 1000, "how many keys are hot at a time", {}},
      {"period_ms",
       160,
       40,
       100'000,
       "how often it is decided which keys are hot",
       {}}};
  info.paced_by = "period_ms";
  info.bugs = {{"heat-without-copies",
                "a key gets hot before the nodes have handed over their copies",
                {"coherence", "eventual"}},
               {"cool-to-old-copy",
                "a key gets cold with the copy from before it was hot",
                {"coherence", "eventual"}},
               {"frozen-reads",
                "nodes answer reads of hot keys from the copies they froze",
                {"coherence"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"coherence", FaultSet::All()},
                                {"eventual", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<TieredNode>;
  info.make_session = SessionFactory::Make<TieredSession>;
  return info;
}

}  // namespace minos::targets

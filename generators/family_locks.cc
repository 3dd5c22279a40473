// Locks. A client acquires, waiting if it must, and releases; a client whose
// acquire timed out does not know whether it holds the lock, and releases all
// the same, which fails if it does not; a release does not time out.
//
// The violation: a client that waits is let in while the lock is taken. More
// acquires have returned then than there are places, besides those of the
// releases called so far; and info operations only acquire, so they explain
// nothing.

#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::kNil;

class Locks : public KeyedObjects {
 public:
  // `places` clients may hold a lock at once.
  Locks(const FamilyContext& context, int places)
      : KeyedObjects(context),
        places_(places),
        held_(static_cast<size_t>(context.keys), 0),
        clients_(static_cast<size_t>(context.clients)) {}

  std::optional<Request> Choose(int client, int64_t remaining) override {
    Client& self = clients_[static_cast<size_t>(client)];
    if (self.owes_release) {
      self.owes_release = false;
      --owed_;
      Request request = MakeRequest(kRelease, "release", self.object);
      request.may_time_out = false;
      return request;
    }
    // Who acquires now must be able to release.
    if (remaining < owed_ + 2) return std::nullopt;
    ++owed_;
    self.owes_release = true;
    self.object = PickObject();
    Request request = MakeRequest(kAcquire, "acquire", self.object);
    request.a = self.round;
    return request;
  }

  Reply Apply(const Request& request) override {
    Client& client = clients_[static_cast<size_t>(request.client)];
    int& held = held_[request.object];
    if (request.kind == kAcquire) {
      if (request.a != client.round) return {Reply::Kind::kNever};
      if (held == places_) return {Reply::Kind::kWait};
      ++held;
      client.holds = true;
      return Reply::Ok(kNil);
    }
    ++client.round;
    if (!client.holds) return Reply::Fail();
    client.holds = false;
    --held;
    return Reply::Ok(kNil);
  }

  bool Plant(size_t mark, Trace& trace) override {
    const std::vector<std::optional<uint32_t>> intruders = Intruders(trace);
    const auto place = FindNearest(
        intruders.size(), mark,
        [&](uint32_t operation) { return intruders[operation].has_value(); });
    if (!place.has_value()) return false;
    trace.ReturnBeforeCall(*intruders[*place], *place);
    return true;
  }

 private:
  enum Kind : uint8_t { kAcquire, kRelease };
  struct Client {
    bool owes_release = false;
    uint32_t object = 0;  // which it acquires or holds
    bool holds = false;
    // Counts the releases: an acquire of an earlier round is void.
    int64_t round = 0;
  };

  // For each release that is called when all places are certainly taken, an
  // acquire that waits at that moment.
  std::vector<std::optional<uint32_t>> Intruders(const Trace& trace) const {
    std::vector<std::optional<uint32_t>> intruders(trace.operations.size());
    std::vector<int> held(held_.size(), 0);
    std::vector<std::vector<uint32_t>> waiting(held_.size());
    for (const TraceEvent& event : trace.events) {
      const TraceOperation& operation = trace.operations[event.operation];
      if (!operation.is_ok()) continue;
      const uint32_t object = operation.request.object;
      if (operation.request.kind == kAcquire) {
        if (event.is_call) {
          waiting[object].push_back(event.operation);
        } else {
          std::erase(waiting[object], event.operation);
          ++held[object];
        }
      } else if (event.is_call) {
        if (held[object] == places_ && !waiting[object].empty()) {
          intruders[event.operation] = waiting[object].front();
        }
        --held[object];
      }
    }
    return intruders;
  }

  int places_;
  std::vector<int> held_;  // by object
  std::vector<Client> clients_;
  int64_t owed_ = 0;  // how many clients owe a release
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeMutexes(const FamilyContext& context) {
  return std::make_unique<Locks>(context, 1);
}

}  // namespace minos::generators

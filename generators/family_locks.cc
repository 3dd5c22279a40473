// Locks and semaphores. A client acquires, waiting if it must, and releases; a
// client whose acquire timed out does not know whether it holds the lock, and
// releases all the same, which fails if it does not; a release does not time
// out.
//
// The violation: clients that wait are let in, one more than there are places.
// More acquires have returned then than there are places, besides those of the
// releases called so far; and info operations only acquire, so they explain
// nothing.

#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::kNil;
using history::ValueId;

class Locks : public KeyedObjects {
 public:
  // `places` clients may hold a lock at once. If it `has_tokens`, each acquire
  // returns a number larger than those before, and operations say in whose name
  // they are: a client goes on as another process after a time-out.
  Locks(const FamilyContext& context, int places, bool has_tokens)
      : KeyedObjects(context),
        places_(places),
        has_tokens_(has_tokens),
        held_(static_cast<size_t>(context.keys), 0),
        tokens_(static_cast<size_t>(context.keys), 0),
        clients_(static_cast<size_t>(context.clients)) {}

  std::optional<Request> Choose(int client, int64_t remaining) override {
    Client& self = clients_[static_cast<size_t>(client)];
    if (self.owes_release) {
      self.owes_release = false;
      --owed_;
      Request request =
          MakeRequest(kRelease, "release", self.object, NameOf(client));
      request.may_time_out = false;
      return request;
    }
    // Who acquires now must be able to release.
    if (remaining < owed_ + 2) return std::nullopt;
    ++owed_;
    self.owes_release = true;
    self.object = PickObject();
    Request request =
        MakeRequest(kAcquire, "acquire", self.object, NameOf(client));
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
      if (!has_tokens_) return Reply::Ok(kNil);
      return Reply::Ok(values().Integer(++tokens_[request.object]));
    }
    ++client.round;
    if (!client.holds) return Reply::Fail();
    client.holds = false;
    --held;
    return Reply::Ok(kNil);
  }

  bool Plant(size_t mark, Trace& trace) override {
    const std::vector<std::vector<uint32_t>> intruders = Intruders(trace);
    const auto place = FindNearest(
        intruders.size(), mark,
        [&](uint32_t operation) { return !intruders[operation].empty(); });
    if (!place.has_value()) return false;
    for (const uint32_t intruder : intruders[*place]) {
      trace.ReturnBeforeCall(intruder, *place);
    }
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

  // The argument of what `client` asks for.
  ValueId NameOf(int client) const {
    if (!has_tokens_) return kNil;
    const ValueId entry[] = {values().Keyword("client"),
                             values().Integer(client)};
    return values().Map(entry);
  }

  // For each release that is called when so many acquires wait that they and
  // those that certainly hold a place are more than there are: as many of those
  // that wait as are too many.
  std::vector<std::vector<uint32_t>> Intruders(const Trace& trace) const {
    std::vector<std::vector<uint32_t>> intruders(trace.operations.size());
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
        const auto needed = static_cast<size_t>(places_ + 1 - held[object]);
        if (waiting[object].size() >= needed) {
          intruders[event.operation].assign(
              waiting[object].begin(),
              waiting[object].begin() + static_cast<ptrdiff_t>(needed));
        }
        --held[object];
      }
    }
    return intruders;
  }

  int places_;
  bool has_tokens_;
  std::vector<int> held_;        // by object
  std::vector<int64_t> tokens_;  // by object: the last one
  std::vector<Client> clients_;
  int64_t owed_ = 0;  // how many clients owe a release
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeMutexes(const FamilyContext& context) {
  return std::make_unique<Locks>(context, 1, /*has_tokens=*/false);
}

std::unique_ptr<FamilyObjects> MakeFencedLocks(const FamilyContext& context) {
  return std::make_unique<Locks>(context, 1, /*has_tokens=*/true);
}

std::unique_ptr<FamilyObjects> MakeSemaphores(const FamilyContext& context) {
  return std::make_unique<Locks>(context, kSemaphorePlaces,
                                 /*has_tokens=*/false);
}

}  // namespace minos::generators

// monotonic-cache: caches before a store, never older than what one has seen.
//
// Node n1 is the store: it takes all writes and gives each a version. The other
// nodes are caches: a cached copy is served for `ttl_ms`, then fetched again.
// Each session remembers, for each key, the newest version that it has read or
// written, its mark; a cache whose copy is older than the mark fetches first.
//
// Promises, key by key, what a session can see of one copy: reads never go back
// and never miss one's own writes (coherence). A read may be stale by the time
// to live.

#include <map>
#include <vector>

#include "targets/stores/stores.h"

namespace minos::targets {
namespace {

constexpr NodeId kStore = 0;

struct Copy {
  int64_t value = kNilValue;
  int64_t version = 0;
  Nanoseconds fetched_at = 0;  // by the clock of the cache
};

struct CacheMessage {
  bool is_fetch = false;
  int32_t key = 0;
  Copy copy;
  std::string_view name() const { return is_fetch ? "fetch" : "copy"; }
};

using CacheDisk = std::map<int32_t, Copy>;  // of the store

class CacheNode : public Node<CacheMessage, CacheDisk> {
 public:
  void OnStart() override {
    time_to_live_ = Milliseconds("ttl_ms");
    ignores_mark_ = HasBug("cache-ignores-mark");
  }

  void OnRequest(const Request& request) override {
    const Operation& operation = request.operation;
    if (id() == kStore) {
      Copy& copy = disk()[operation.key];
      if (operation.function == Function::kWrite) {
        copy.value = operation.argument;
        ++copy.version;
      }
      return Serve(request, copy);
    }
    if (operation.function == Function::kWrite) {
      return ReplyRedirect(request, kStore);
    }
    const auto cached = cache_.find(operation.key);
    if (cached != cache_.end() && IsFresh(cached->second) &&
        (ignores_mark_ || IsNewEnough(cached->second, request))) {
      return Serve(request, cached->second);
    }
    waiting_.push_back(request);
    Send(kStore, {true, operation.key, {}});
  }

  void OnMessage(NodeId from, const CacheMessage& message) override {
    if (message.is_fetch) {
      return Send(from, {false, message.key, disk()[message.key]});
    }
    Copy& cached = cache_[message.key];
    if (message.copy.version >= cached.version) cached = message.copy;
    cached.fetched_at = Clock();
    ServeWaiting(message.key, cached);
  }

 private:
  bool IsFresh(const Copy& copy) const {
    const Nanoseconds age = Clock() - copy.fetched_at;
    return age >= 0 && age < time_to_live_;
  }
  static bool IsNewEnough(const Copy& copy, const Request& request) {
    return request.token.empty() || copy.version >= request.token.front();
  }
  void Serve(const Request& request, const Copy& copy) {
    Reply(request, Result::Integer(copy.value, copy.version), {copy.version});
  }
  void ServeWaiting(int32_t key, const Copy& copy) {
    std::vector<Request> others;
    for (const Request& request : waiting_) {
      if (request.operation.key == key && IsNewEnough(copy, request)) {
        Serve(request, copy);
      } else {
        others.push_back(request);
      }
    }
    waiting_ = std::move(others);
  }

  Nanoseconds time_to_live_ = 0;
  bool ignores_mark_ = false;
  std::map<int32_t, Copy> cache_;
  std::vector<Request> waiting_;
};

class CacheSession : public Session {
 public:
  NodeId Route(const Operation& operation, NodeId wanted,
               int attempt) override {
    if (!IsRead(operation.function)) return kStore;
    // Readers ask the caches only.
    const int caches = node_count() - 1;
    return 1 + (wanted + attempt) % caches;
  }
  void Prepare(Request& request) override {
    request.token = {marks_[request.operation.key]};
  }
  void OnOk(const Operation& operation, const Answer& answer) override {
    int64_t& mark = marks_[operation.key];
    mark = std::max(mark, answer.token.front());
  }

 private:
  std::map<int32_t, int64_t> marks_;
};

}  // namespace

TargetInfo MonotonicCache() {
  TargetInfo info;
  info.name = "monotonic-cache";
  info.summary = "Caches before a store, never older than what a client saw";
  info.min_nodes = 2;
  info.default_nodes = 4;
  info.workloads = {"session-mix", "register", "reads-only-final"};
  info.parameters = {
      {"ttl_ms", 300, 0, 100'000, "for how long a cached copy is served", {}}};
  info.bugs = {{"cache-ignores-mark",
                "a cache serves a copy older than what the client has seen",
                {"monotonic-reads", "read-your-writes", "coherence"}}};
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"monotonic-reads", FaultSet::All()},
                                {"read-your-writes", FaultSet::All()},
                                {"coherence", FaultSet::All()}};
  };
  info.make_cluster = MakeCluster<CacheNode>;
  info.make_session = SessionFactory::Make<CacheSession>;
  return info;
}

}  // namespace minos::targets

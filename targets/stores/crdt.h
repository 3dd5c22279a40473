// State-based replicated data types (Shapiro, Preguiça, Baquero & Zawirski,
// "Conflict-free replicated data types", 2011).
//
// Every replica answers alone and sends its whole state to the others: at once
// after an update, and to one peer after another all the time. States are
// joined by a merge that is associative, commutative and idempotent; so it does
// not matter what is lost, doubled or late, and replicas that have seen the
// same updates are in the same state. States are on disk.
//
// A data type is a State with Merge(const State&) and Read(key), and a node
// that says what an update does to it.

#ifndef MINOS_TARGETS_STORES_CRDT_H_
#define MINOS_TARGETS_STORES_CRDT_H_

#include <string_view>

#include "targets/node.h"
#include "targets/target.h"

namespace minos::targets {

template <typename State>
struct CrdtMessage {
  State state;
  std::string_view name() const { return "state"; }
};

template <typename State>
class CrdtNode : public Node<CrdtMessage<State>, State> {
 public:
  void OnStart() override {
    period_ = this->Milliseconds("gossip_ms");
    overwrites_ = this->HasBug("merge-by-overwrite");
    this->After(period_, 0);
    Configure();
  }

  void OnRequest(const Request& request) override {
    if (!IsRead(request.operation.function)) {
      Update(request.operation);
      this->Broadcast({this->disk()});
    }
    this->Reply(request, this->disk().Read(request.operation.key));
  }

  void OnMessage(NodeId, const CrdtMessage<State>& message) override {
    Merge(message.state);
  }

  void OnTimer(int64_t) override {
    this->After(period_, 0);
    if (this->node_count() == 1) return;
    const int step = 1 + round_++ % (this->node_count() - 1);
    this->Send((this->id() + step) % this->node_count(), {this->disk()});
  }

 protected:
  virtual void Configure() {}
  virtual void Update(const Operation& operation) = 0;
  // Joins `other` into the state, or is the bug that every store of the family
  // has.
  virtual void Merge(const State& other) {
    if (overwrites_) {
      this->disk() = other;
    } else {
      this->disk().Merge(other);
    }
  }

 private:
  Nanoseconds period_ = 0;
  bool overwrites_ = false;
  int round_ = 0;
};

// What the targets of this family have in common.
inline TargetInfo CrdtTarget(std::string_view name, std::string_view summary) {
  TargetInfo info;
  info.name = name;
  info.summary = summary;
  info.parameters = {{"gossip_ms",
                      40,
                      1,
                      10'000,
                      "how often a replica sends its state to a peer",
                      {}}};
  info.paced_by = "gossip_ms";
  info.promises = [](const Settings&) {
    return std::vector<Promise>{{"eventual", FaultSet::All()}};
  };
  return info;
}

}  // namespace minos::targets

#endif  // MINOS_TARGETS_STORES_CRDT_H_

// A queue: first in, first out.
//
//   enqueue x    x is last in the queue
//   dequeue      → the element that was first and is gone; nil, "empty" or
//                "exhausted" says that the queue was empty
//
// A crashed dequeue may have removed whatever was first.
//
// States. A queue is a stretch of a trie of all that was ever enqueued: (node
// of its last element, length). Equal contents must be one state however they
// came about, so a state is looked up by a hash of its contents and compared
// exactly, element by element from the end, up to where both run through the
// same node of the trie; this is usually at once. The hash of a stretch comes
// from the polynomial hashes of two nodes. The first element is an ancestor of
// the last, found in O(log n) by jump pointers (Myers, "An applicative
// random-access stack", IPL 17, 1983). So a step costs O(log n), or less where
// it is remembered, and memory a node and a state for each new one.
//
// What can be dropped. An info enqueue of a value that no ok dequeue returned:
// take a linearization that has it, leave it out, and leave out the info
// dequeue that takes this very element, if there is one. While it was there,
// every ok dequeue took another element, from before it, and none said that the
// queue was empty; so they all fit as before. Afterwards the states are the
// same.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "checker/models/container_model.h"
#include "checker/models/interner.h"
#include "checker/models/models.h"
#include "checker/models/step_cache.h"
#include "history/hash.h"

namespace minos::checker {
namespace {

using history::kNil;
using history::kNoValue;
using history::ToInt;
using history::ValueId;

// All sequences of elements that were ever enqueued, as paths from the root.
class Trie {
 public:
  using NodeId = uint32_t;
  static constexpr NodeId kRoot = 0;

  Trie() {
    keys_.Intern({kRoot, kNoValue});
    nodes_.push_back({kRoot, 0, 0});
    powers_.push_back(1);
  }

  NodeId Append(NodeId parent, ValueId element) {
    const NodeId id = keys_.Intern({parent, element});
    if (id == nodes_.size()) AddNode(parent, element);
    return id;
  }

  NodeId Parent(NodeId node) const { return keys_[node].parent; }
  ValueId Element(NodeId node) const { return keys_[node].element; }

  // The ancestor that lies `depth` below the root. O(log depth).
  // REQUIRES: depth <= the depth of `node`.
  NodeId AncestorAt(NodeId node, uint32_t depth) const {
    while (nodes_[node].depth > depth) {
      const NodeId jump = nodes_[node].jump;
      node = nodes_[jump].depth >= depth ? jump : Parent(node);
    }
    return node;
  }
  // The node of the first of the last `length` elements.
  NodeId First(NodeId last, uint32_t length) const {
    return AncestorAt(last, nodes_[last].depth - length + 1);
  }

  // A hash of the last `length` elements and nothing else.
  uint64_t HashOfLast(NodeId last, uint32_t length) const {
    const NodeId before = AncestorAt(last, nodes_[last].depth - length);
    return nodes_[last].hash - nodes_[before].hash * powers_[length];
  }

  bool AreLastEqual(NodeId a, NodeId b, uint32_t length) const {
    for (; length > 0 && a != b; --length) {
      if (Element(a) != Element(b)) return false;
      a = Parent(a);
      b = Parent(b);
    }
    return true;
  }

  size_t MemoryBytes() const {
    return keys_.MemoryBytes() + nodes_.capacity() * sizeof(Node) +
           powers_.capacity() * sizeof(uint64_t);
  }

 private:
  static constexpr uint64_t kBase = 0x9E3779B97F4A7C15u;

  struct Key {
    NodeId parent;
    ValueId element;
    friend bool operator==(const Key&, const Key&) = default;
    uint64_t Hash() const { return CombineHash(parent, ToInt(element)); }
  };
  struct Node {
    NodeId jump;
    uint32_t depth;
    uint64_t hash;  // of the whole path
  };

  void AddNode(NodeId parent, ValueId element) {
    const Node& above = nodes_[parent];
    const Node& jump = nodes_[above.jump];
    // Jumps double where two of equal length meet.
    const bool doubles =
        above.depth - jump.depth == jump.depth - nodes_[jump.jump].depth;
    const Node node = {doubles ? jump.jump : parent, above.depth + 1,
                       above.hash * kBase + MixHash(ToInt(element) + 1)};
    nodes_.push_back(node);
    if (powers_.size() <= node.depth) powers_.push_back(powers_.back() * kBase);
  }

  Interner<Key> keys_;
  std::vector<Node> nodes_;       // by the number of the key
  std::vector<uint64_t> powers_;  // of kBase
};

constexpr FunctionInfo kFunctions[] = {
    {"enqueue, enq, offer", "the element", "ignored", "puts it at the end",
     Takes::kValue},
    {"dequeue, deq, poll", "nil",
     "the element; nil, \"empty\" or \"exhausted\" if there was none",
     "takes the first element; `fail` says that it took none", Takes::kNothing},
};

class FifoQueueModel : public ContainerModel {
 public:
  FifoQueueModel(const history::ValueTable& values,
                 std::span<const ValueId> initial)
      : ContainerModel(values, "fifo-queue", kFunctions, Words{}, initial) {
    states_.Intern({Trie::kRoot, 0, 0});
    for (const ValueId x : initial) initial_ = Enqueue(initial_, x);
  }

  StateId InitialState() const override { return initial_; }

  void Step(StateId state, ActionId id,
            std::vector<StateId>& successors) override {
    const Action& a = action(id);
    if (a.result == kNil) {
      if (state == kEmpty) successors.push_back(state);
      return;
    }
    cache_.Follow(state, id, successors, [&] {
      return a.function == kPut ? Enqueue(state, a.argument)
                                : Dequeue(state, a.result);
    });
  }

  std::string DescribeState(StateId state) const override {
    if (state == kEmpty) return "the queue is empty";
    std::vector<ValueId> elements(states_[state].length);
    Trie::NodeId node = states_[state].last;
    for (size_t i = elements.size(); i > 0; node = trie_.Parent(node)) {
      elements[--i] = trie_.Element(node);
    }
    return "the queue is " + TextOf(elements, "[]");
  }

 protected:
  size_t StateBytes() const override {
    return trie_.MemoryBytes() + states_.MemoryBytes() + cache_.MemoryBytes() +
           ElementBytes();
  }

 private:
  static constexpr StateId kEmpty = 0;

  struct State {
    Trie::NodeId last;
    uint32_t length;
    uint64_t contents_hash;
    friend bool operator==(const State&, const State&) = default;
    uint64_t Hash() const { return CombineHash(contents_hash, length); }
  };

  StateId StateOf(Trie::NodeId last, uint32_t length) {
    if (length == 0) return kEmpty;
    const State state = {last, length, trie_.HashOfLast(last, length)};
    return states_.FindOrAdd(state, [&](const State& other) {
      return other.length == length &&
             other.contents_hash == state.contents_hash &&
             trie_.AreLastEqual(other.last, last, length);
    });
  }

  StateId Enqueue(StateId state, ValueId element) {
    const State queue = states_[state];
    return StateOf(trie_.Append(queue.last, element), queue.length + 1);
  }

  // Takes the first element, which must be `expected` unless that is kNoValue.
  StateId Dequeue(StateId state, ValueId expected) {
    if (state == kEmpty) return StepCache::kRefused;
    const State queue = states_[state];
    const Trie::NodeId first = trie_.First(queue.last, queue.length);
    if (expected != kNoValue && trie_.Element(first) != expected) {
      return StepCache::kRefused;
    }
    return StateOf(queue.last, queue.length - 1);
  }

  Trie trie_;
  Interner<State> states_;
  StateId initial_ = kEmpty;
  StepCache cache_;
};

absl::StatusOr<std::unique_ptr<SequentialModel>> Make(
    const history::ValueTable& values, ValueId initial) {
  const auto elements = InitialElements(
      values, initial,
      "the initial value of a fifo-queue is a list, the first element first");
  if (!elements.ok()) return elements.status();
  return std::make_unique<FifoQueueModel>(values, *elements);
}

}  // namespace

ModelInfo FifoQueueInfo() {
  return {.name = "fifo-queue",
          .summary = "a queue: first in, first out",
          .functions = kFunctions,
          .initial =
              "the elements at the start as a list, first to last; none "
              "by default",
          .keys = KeyUse::kSplits,
          .make = &Make};
}

}  // namespace minos::checker

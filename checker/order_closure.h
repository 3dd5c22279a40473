// A strict order of operations that stand in chains, closed under transitivity,
// that grows edge by edge and can be taken back.
//
// In each chain the order is that of the numbers, so all that precedes an
// operation is a beginning of every chain, and all that follows it an end. Two
// rows of numbers an operation, one for each chain, are the whole closure. An
// edge joins the row of its source into those of all that follows, and stops in
// each chain where that changes nothing. So adding costs O(chains · what
// changed), and asking O(1).

#ifndef MINOS_CHECKER_ORDER_CLOSURE_H_
#define MINOS_CHECKER_ORDER_CLOSURE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace minos::checker {

class OrderClosure {
 public:
  using Node = uint32_t;
  using Mark = size_t;

  // Chain c is the nodes chain_begin[c] … chain_begin[c + 1] - 1, in order.
  explicit OrderClosure(std::vector<Node> chain_begin);

  // What an order of so many nodes in so many chains occupies, without what it
  // keeps to take edges back.
  static size_t BytesFor(size_t nodes, size_t chains) {
    return nodes * chains * 2 * sizeof(Node);
  }

  size_t chain_count() const { return chains_; }
  Node size() const { return static_cast<Node>(chain_of_.size()); }
  uint32_t ChainOf(Node node) const { return chain_of_[node]; }

  bool Precedes(Node a, Node b) const {
    return a != b && a < EndBefore(b, chain_of_[a]);
  }
  // The first node of `chain` that neither is nor precedes `node`; where the
  // chain ends, if there is none.
  Node EndBefore(Node node, uint32_t chain) const {
    return end_before_[node * chains_ + chain];
  }
  // The first node of `chain` that is or follows `node`; where the chain ends,
  // if there is none.
  Node BeginAfter(Node node, uint32_t chain) const {
    return begin_after_[node * chains_ + chain];
  }

  // Puts `a` before `b`. False, and nothing changes, if `b` is or precedes `a`.
  // Calls changed_before(node) for each node that has got new predecessors, and
  // changed_after(node) for each that has got new successors.
  template <typename Before, typename After>
  bool Add(Node a, Node b, Before changed_before, After changed_after);

  // From now on what changes is kept, so that it can be taken back.
  void KeepChanges() { keeps_ = true; }
  // Where the order stands now, and back to there.
  Mark Now() const { return trail_.size(); }
  void BackTo(Mark mark);
  // What is kept to take edges back.
  size_t KeptBytes() const { return trail_.capacity() * sizeof(Change); }

  // How many rows were looked at so far.
  size_t effort() const { return effort_; }

 private:
  struct Change {
    size_t at;   // in end_before_, or behind it in begin_after_
    Node value;  // what was there
  };

  // Joins row `from` into row `to` of `rows`; false if nothing changed.
  template <typename Better>
  bool Join(std::vector<Node>& rows, size_t offset, Node from, Node to,
            Better better);

  size_t chains_;
  std::vector<Node> chain_begin_;
  std::vector<uint32_t> chain_of_;
  std::vector<Node> end_before_;
  std::vector<Node> begin_after_;
  std::vector<Change> trail_;
  bool keeps_ = false;
  size_t effort_ = 0;
};

template <typename Better>
bool OrderClosure::Join(std::vector<Node>& rows, size_t offset, Node from,
                        Node to, Better better) {
  ++effort_;
  bool changed = false;
  for (size_t c = 0; c < chains_; ++c) {
    Node& entry = rows[to * chains_ + c];
    const Node other = rows[from * chains_ + c];
    if (!better(other, entry)) continue;
    if (keeps_) trail_.push_back({offset + to * chains_ + c, entry});
    entry = other;
    changed = true;
  }
  return changed;
}

template <typename Before, typename After>
bool OrderClosure::Add(Node a, Node b, Before changed_before,
                       After changed_after) {
  if (a == b || Precedes(b, a)) return false;
  if (Precedes(a, b)) return true;
  for (uint32_t c = 0; c < chains_; ++c) {
    for (Node node = BeginAfter(b, c); node < chain_begin_[c + 1]; ++node) {
      if (!Join(end_before_, 0, a, node,
                [](Node x, Node y) { return x > y; })) {
        break;
      }
      changed_before(node);
    }
  }
  for (uint32_t c = 0; c < chains_; ++c) {
    for (Node node = EndBefore(a, c); node-- > chain_begin_[c];) {
      if (!Join(begin_after_, end_before_.size(), b, node,
                [](Node x, Node y) { return x < y; })) {
        break;
      }
      changed_after(node);
    }
  }
  return true;
}

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ORDER_CLOSURE_H_

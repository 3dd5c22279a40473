// The rules for the order of what puts elements into queues, stacks or priority
// queues and what takes them out: what follows from what is known, and what is
// left to ask. A theory for SearchAnswers (last_conflicts.h). The rules and why
// they suffice: see element_order.cc.

#ifndef MINOS_CHECKER_ELEMENT_ORDER_H_
#define MINOS_CHECKER_ELEMENT_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "checker/budget.h"
#include "checker/order_closure.h"
#include "checker/session_chains.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

class ElementOrder {
 public:
  // The number of an operation in the SessionChains.
  using Node = OrderClosure::Node;
  static constexpr Node kNoNode = 0xFFFFFFFFu;

  // Which element is taken out: the first put in, the last, the smallest, or
  // any.
  enum class Discipline : uint8_t { kQueue, kStack, kPriority, kNoOrder };

  struct Element {
    history::ValueId value = history::kNoValue;
    Node put = kNoNode;
    Node take = kNoNode;
    bool stays = false;  // nothing took it
    // Where neither is known: which operations of unknown outcome cannot have
    // taken it, the last entry being that none did.
    std::vector<bool> excluded = {};

    bool is_settled() const { return stays || take != kNoNode; }
  };

  static constexpr uint32_t kNoElement = 0xFFFFFFFFu;

  // What is not known: which of two operations comes first, or what became of
  // an element.
  struct Question {
    Node first = kNoNode;
    Node second = kNoNode;
    uint32_t element = kNoElement;
    size_t candidate = SIZE_MAX;  // which was tried
    friend bool operator==(const Question&, const Question&) = default;
  };

  // The session order of the operations that `chains` has. `history` and
  // `budget` outlive this.
  ElementOrder(const history::History& history, Discipline discipline,
               SessionChains chains, Budget& budget);

  // A queue and what was done to it: what was put in, once each, and what took
  // it, where that is known; `misses`, which found nothing; and `crashes`, of
  // unknown outcome, which take. REQUIRES: Begin has not been called.
  void AddObject(std::vector<Element> elements, std::vector<Node> misses,
                 std::vector<Node> crashes);

  // Draws what follows before anything is asked; false on a contradiction.
  bool Begin();

  // ---- The theory: see last_conflicts.h

  bool IsOpen(const Question& question) const;
  bool FindOpen(Question& question);
  bool Try(Question& question);
  bool Refute(const Question& question);

  struct Place {
    OrderClosure::Mark order;
    size_t settled;
    size_t excluded;
    size_t cursor;
  };
  Place Save();
  void Restore(const Place& place);

  bool Follow();

  size_t effort() const { return closure_.effort() + pairs_; }

  // Gives back what was charged to the budget.
  void Release() { budget_.Release(std::exchange(charged_, 0)); }

 private:
  // One key.
  struct Object {
    std::vector<uint32_t> elements;
    std::vector<Node> misses;
    std::vector<Node> crashes;
  };

  history::Position CallOf(Node node) const {
    return history_.call(operations_[node]);
  }
  const std::vector<Node>& CrashesOf(uint32_t element) const {
    return objects_[object_of_[element]].crashes;
  }

  void MarkElement(uint32_t element);
  void MarkNode(Node node);
  bool Add(Node from, Node to);
  bool is_begun() const { return !is_marked_.empty(); }

  bool Settle(uint32_t number, Node take);
  void Exclude(uint32_t element, size_t candidate);

  // ---- The rules

  bool EnforceElement(uint32_t number);
  // `a` must not be there at `moment`, being put in before.
  bool MustBeGone(uint32_t number, Node moment);
  // What follows for these two, `a` in the first place of the rule.
  bool EnforcePair(uint32_t x, uint32_t y);
  // Never p(b) < p(a) < q(b) < q(a).
  bool EnforceStack(uint32_t x, uint32_t y);
  bool IsSmaller(const Element& a, const Element& b) const;

  // ---- What is open

  bool FindOpenOf(uint32_t number, Question& question) const;
  bool Ask(Node a, Node b, Question& question) const;
  // Whether `a` was gone at `moment` or not there yet.
  bool AskGone(const Element& a, Node moment, Question& question) const;
  bool FindOpenPair(const Element& a, const Element& b,
                    Question& question) const;

  const history::History& history_;
  Discipline discipline_;
  std::vector<history::OpIndex> operations_;  // by node
  OrderClosure closure_;
  std::vector<uint32_t> element_of_;      // by node: what it puts in or takes
  std::vector<uint32_t> object_of_miss_;  // by node
  std::vector<bool> is_marked_miss_;
  Budget& budget_;
  std::vector<Element> elements_;
  std::vector<uint32_t> object_of_;  // by element
  std::vector<Object> objects_;
  std::vector<uint32_t> by_call_;  // the elements
  std::vector<bool> used_;         // by node: it took an element
  std::vector<uint32_t> marked_;
  std::vector<bool> is_marked_;
  std::vector<Node> marked_misses_;
  std::vector<uint32_t> settled_;
  std::vector<std::pair<uint32_t, size_t>> excluded_;
  size_t cursor_ = 0;
  size_t pairs_ = 0;
  size_t charged_ = 0;  // for what is kept to go back
  bool holds_ = true;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ELEMENT_ORDER_H_

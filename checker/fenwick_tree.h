// Values combined over the end of a row that is filled in by and by (P. M.
// Fenwick, "A new data structure for cumulative frequency tables", Software:
// Practice and Experience 24(3), 1994).

#ifndef MINOS_CHECKER_FENWICK_TREE_H_
#define MINOS_CHECKER_FENWICK_TREE_H_

#include <cstddef>
#include <functional>
#include <vector>

namespace minos::checker {

// `Combine` takes two values in whatever order and grouping, as a sum or a
// minimum does.
template <typename Value, typename Combine = std::plus<Value>>
class FenwickTree {
 public:
  // A row of `size` places, each with `neutral`, which combined with another
  // value gives that. O(n).
  explicit FenwickTree(size_t size, Value neutral = Value())
      : neutral_(neutral), parts_(size + 1, neutral) {}

  // Combines `value` with what is at `place`. O(log n).
  // REQUIRES: place < size.
  void Add(size_t place, Value value) {
    for (size_t at = parts_.size() - 1 - place; at < parts_.size();
         at += at & -at) {
      parts_[at] = Combine()(parts_[at], value);
    }
  }

  // All from `place` on, combined. O(log n).
  // REQUIRES: place <= size.
  Value From(size_t place) const {
    Value all = neutral_;
    for (size_t at = parts_.size() - 1 - place; at > 0; at -= at & -at) {
      all = Combine()(all, parts_[at]);
    }
    return all;
  }

 private:
  Value neutral_;
  std::vector<Value> parts_;  // by the distance from the end, from 1
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_FENWICK_TREE_H_

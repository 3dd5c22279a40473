// The columns of a sweep over a timeline whose object's state is a sum: as many
// as it may go back to.

#ifndef MINOS_CHECKER_ADDITIVE_COLUMNS_H_
#define MINOS_CHECKER_ADDITIVE_COLUMNS_H_

#include <cstddef>
#include <deque>

#include "checker/additive_column.h"
#include "checker/additive_object.h"
#include "checker/open_operations.h"
#include "checker/search_strategies.h"
#include "checker/trails.h"

namespace minos::checker {

// Columns are numbered from 0, the first return, on.
class AdditiveColumns {
 public:
  // All outlive this. If it `is_unbounded`, all is kept that waits; else what
  // is least likely is dropped where it would come to hold much more than
  // `most_bytes`.
  AdditiveColumns(const SearchProblem& problem, const AdditiveObject& object,
                  const PassedSums& passed, bool is_unbounded,
                  size_t most_bytes);

  // The columns that are there: from `first` to before `end`.
  size_t first() const { return first_; }
  size_t end() const { return first_ + columns_.size(); }
  AdditiveColumn& operator[](size_t ordinal) {
    return columns_[ordinal - first_];
  }
  // Makes those up to this one if they are not there; null after the last
  // return. REQUIRES: it has not been dropped.
  AdditiveColumn* Reach(size_t ordinal);
  bool IsAnyWaiting() const;

  // Lets `point` wait in a column, unless it is there. Returns whether it does.
  bool Add(size_t ordinal, AdditivePoint&& point);
  // Heeds that a column has grown or shrunk.
  void Recount(AdditiveColumn& column);
  // Drops what will hardly be visited again before the column `ordinal`, and
  // what is least likely if too much waits.
  void Drop(size_t ordinal);
  // Forgets the trails that lead to no configuration that may still go on.
  void SweepTrails(Trails& trails);

  // Whether something was dropped, or not looked at, that may have led on.
  bool was_cut() const { return was_cut_; }
  // How many sums and sets were looked at, since the beginning.
  size_t lookups() const { return lookups_; }
  size_t MemoryBytes() const { return bytes_; }

 private:
  void DropFirst();
  void Shrink();

  const SearchProblem& problem_;
  const AdditiveObject& object_;
  const PassedSums& passed_;
  bool is_unbounded_;
  size_t most_bytes_;
  OpenOperations open_;  // at the end
  size_t crash_calls_ = 0;
  std::deque<AdditiveColumn> columns_;
  size_t first_ = 0;
  size_t points_ = 0;
  size_t lookups_ = 0;
  size_t bytes_ = 0;
  bool was_cut_ = false;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_ADDITIVE_COLUMNS_H_

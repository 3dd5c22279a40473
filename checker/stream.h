// Judging a history while it is being recorded.
//
// What is kept is what may still matter: the operations that are open, those
// that overlap one of them, and the info operations, which may take effect at
// any time; and the configurations (see wgl.cc) in which each object may be.

#ifndef MINOS_CHECKER_STREAM_H_
#define MINOS_CHECKER_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "checker/budget.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "checker/verdict.h"
#include "history/history.h"
#include "history/operation.h"
#include "history/value.h"

namespace minos::checker {

class ObjectStream;
struct FoundViolation;

// Is a history linearizable, as far as it goes? One thread.
class StreamChecker {
 public:
  // `model` and `budget` outlive this.
  StreamChecker(const ModelInfo& model, Keying keying, history::ValueId initial,
                Budget& budget);
  ~StreamChecker();
  StreamChecker(const StreamChecker&) = delete;
  StreamChecker& operator=(const StreamChecker&) = delete;

  // Judges `history`, which goes on from where it ended at the last call (but
  // for what was forgotten) and has the same values. What has not completed may
  // take effect at any time. The verdict is that of a search on all of it; a
  // violation is reported at the smallest prefix that is one, if no limit ended
  // the search for that. After a violation, or an unknown verdict, it stays as
  // it is. InvalidArgument, with the line, if an operation is not one of the
  // data type or has no key.
  absl::StatusOr<Verdict> Judge(const history::History& history);

  // violation: what is known of it, in terms of the last history judged.
  const std::optional<Violation>& violation() const { return violation_; }
  // unknown: why.
  std::optional<UnknownReason> unknown() const { return unknown_; }

  // How many of the first operations of the history judged last are not needed
  // any more. O(objects).
  history::OpIndex Forgettable() const;
  // Says that these are not part of the next history. REQUIRES: count <=
  // Forgettable().
  void Forget(history::OpIndex count) { forgotten_ += count; }

  // How many operations there were so far that may have happened.
  size_t operations() const { return judged_; }
  size_t objects() const { return objects_.size(); }
  // How many configurations the objects may be in, all together.
  size_t configurations() const;

 private:
  struct Open {
    history::OpIndex operation;  // counted from the beginning of all
    ObjectStream* object;        // null: not a client's
  };

  absl::StatusOr<ObjectStream*> ObjectOf(const history::History& history,
                                         history::OpIndex op);
  absl::Status TakeIn(const history::History& history);
  absl::Status Complete(const history::History& history, const Open& open);
  Violation Describe(const history::History& history,
                     const ObjectStream& object,
                     const FoundViolation& found) const;
  history::OpIndex IndexOf(history::OpIndex operation) const {
    return operation - forgotten_;
  }

  const ModelInfo& model_;
  Keying keying_;
  history::ValueId initial_;
  Budget& budget_;
  history::OpIndex forgotten_ = 0;
  size_t taken_ = 0;   // operations, the forgotten ones included
  size_t judged_ = 0;  // of these, clients' that have not failed
  std::vector<Open> open_;
  std::vector<std::unique_ptr<ObjectStream>> objects_;
  absl::flat_hash_map<history::ValueId, ObjectStream*> object_of_key_;
  std::optional<Violation> violation_;
  std::optional<UnknownReason> unknown_;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_STREAM_H_

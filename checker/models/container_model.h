// What queues and stacks share: one function puts an element in, the other
// takes one out and returns it, or says that there was none.
//
// A crashed take may have removed an element, or found none. There is no
// `drain`: what clients call so is many takes at different moments, and judging
// it as one would call good histories bad.

#ifndef MINOS_CHECKER_MODELS_CONTAINER_MODEL_H_
#define MINOS_CHECKER_MODELS_CONTAINER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "checker/model_registry.h"
#include "checker/models/model_base.h"
#include "checker/sequential_model.h"
#include "history/value.h"
#include "history/value_table.h"

namespace minos::checker {

class ContainerModel : public ModelBase {
 public:
  // A take that found nothing.
  bool IsReadOnly(ActionId id) const final;
  // A put of a value that no ok take returned. Each model says why its info
  // puts of that kind can be dropped.
  bool IsUnobservable(ActionId id) const override;
  // A take of a value that nobody puts in.
  bool IsImpossible(ActionId id) const final;
  std::string DescribeRefusal(StateId state, ActionId id) const final;

 protected:
  // The rows of the model's functions, in this order.
  enum Function : uint8_t { kPut, kTake };
  // The words of complaints: what the object is, and what a take did.
  struct Words {
    std::string_view object = "queue";
    std::string_view took = "took";
  };

  // `initial` are the elements at the start.
  ContainerModel(const history::ValueTable& values, std::string_view name,
                 std::span<const FunctionInfo> functions, Words words,
                 std::span<const history::ValueId> initial);

  // After it a take of nothing has the result nil.
  absl::Status Normalize(Action& a) override;
  void OnNewAction(ActionId id, const Action& a) final;

  // Whether an ok take found nothing.
  bool was_seen_empty() const { return was_seen_empty_; }
  // What the sets of elements occupy.
  size_t ElementBytes() const;

 private:
  Words words_;
  absl::flat_hash_set<history::ValueId> put_;
  absl::flat_hash_set<history::ValueId> taken_;  // by ok takes
  bool was_seen_empty_ = false;
};

}  // namespace minos::checker

#endif  // MINOS_CHECKER_MODELS_CONTAINER_MODEL_H_

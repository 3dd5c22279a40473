// Which algorithm judges which model of visibility and arbitration.

#ifndef MINOS_CHECKER_VISIBILITY_METHOD_H_
#define MINOS_CHECKER_VISIBILITY_METHOD_H_

#include <string>

#include "absl/status/statusor.h"
#include "checker/ambiguity.h"
#include "checker/budget.h"
#include "checker/visibility_options.h"

namespace minos::checker {

// How a model is judged once the sources of the reads are known.
struct VisibilityMethod {
  Judge judge;
  // See JudgeAmbiguous.
  bool is_monotonic = true;
  // False if what collections returned says all.
  bool needs_sources = true;
  std::string algorithm = "saturation";
};

// How the model called `consistency` is judged; `budget` outlives that.
// InvalidArgument, in words for the user, if that is no model of visibility and
// arbitration, or what the options assume is no session guarantee.
absl::StatusOr<VisibilityMethod> MethodFor(const std::string& consistency,
                                           const VisibilityOptions& options,
                                           Budget& budget);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_VISIBILITY_METHOD_H_

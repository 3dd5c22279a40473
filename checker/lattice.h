// Judging a history by every consistency model, and where it stands among them.

#ifndef MINOS_CHECKER_LATTICE_H_
#define MINOS_CHECKER_LATTICE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "checker/verdict.h"

namespace minos::checker {

// What `--consistency all` gives.
struct LatticeResult {
  // The models that were judged, the strongest first. Models implied by one
  // that holds are not judged and not listed.
  std::vector<CheckResult> checks;
  // The strongest models that hold and the weakest that fail, one sentence
  // each; what could not be judged; then the picture, a line each.
  std::vector<std::string> notes;
};

// Judges by `judge` every model of AllConsistencies() that takes no parameter
// and that no model found valid implies. A model that `judge` refuses with
// InvalidArgument is left out with a note.
LatticeResult CheckLattice(
    const std::function<absl::StatusOr<CheckResult>(const std::string&)>&
        judge);

}  // namespace minos::checker

#endif  // MINOS_CHECKER_LATTICE_H_

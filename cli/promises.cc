#include "cli/promises.h"

#include "absl/strings/str_cat.h"
#include "checker/consistency_registry.h"

namespace minos::cli {

Promised PromisesOf(const targets::TargetInfo& target,
                    const targets::Settings& settings,
                    targets::FaultSet faults) {
  Promised promised;
  for (const targets::Promise& promise : target.promises(settings)) {
    const std::string name(promise.consistency);
    if (!faults.IsSubsetOf(promise.under)) {
      promised.notes.push_back(absl::StrCat(
          name, " is promised under other faults only, and not judged"));
    } else if (!checker::FindConsistency(name).ok()) {
      promised.notes.push_back(
          absl::StrCat(name, " is promised, but cannot be judged"));
    } else {
      promised.judged.push_back(name);
    }
  }
  return promised;
}

}  // namespace minos::cli

// What a store promises in a run, as far as minos can judge it.

#ifndef MINOS_CLI_PROMISES_H_
#define MINOS_CLI_PROMISES_H_

#include <string>
#include <vector>

#include "targets/fault.h"
#include "targets/settings.h"
#include "targets/target.h"

namespace minos::cli {

struct Promised {
  std::vector<std::string> judged;  // names of consistencies
  // One sentence for each promise that is not judged.
  std::vector<std::string> notes;
};

// What `target` promises with `settings` where these faults may happen.
Promised PromisesOf(const targets::TargetInfo& target,
                    const targets::Settings& settings,
                    targets::FaultSet faults);

}  // namespace minos::cli

#endif  // MINOS_CLI_PROMISES_H_

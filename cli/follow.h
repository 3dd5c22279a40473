// minos check --follow: judging a recording while it grows.

#ifndef MINOS_CLI_FOLLOW_H_
#define MINOS_CLI_FOLLOW_H_

#include <string>

#include "cli/judge.h"

namespace minos::cli {

struct FollowOptions {
  JudgeOptions judge;
  std::string path;  // "-" is standard input, which ends; a file does not
  // Whether how far it is is shown on standard error.
  bool shows_progress = false;
};

// Reads and judges until the input ends, a violation is certain, the time is
// up, or the user interrupts. `judged` is then filled as a Judge fills it; the
// verdict is that of what was recorded until then.
void Follow(const FollowOptions& options, Judged& judged);

}  // namespace minos::cli

#endif  // MINOS_CLI_FOLLOW_H_

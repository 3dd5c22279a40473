// Workflow commands of GitHub Actions: an annotation at the line of the
// operation that nothing explains. The verdict lines stand between them, for
// the log.

#ifndef MINOS_REPORT_GITHUB_H_
#define MINOS_REPORT_GITHUB_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

std::unique_ptr<Renderer> MakeGitHubRenderer(const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_GITHUB_H_

// SARIF 2.1.0 (OASIS), as code scanners report: a result a violation, at the
// line of the operation that nothing explains, with the others of its core as
// related locations. An unknown verdict is a warning; a file that could not be
// judged is a notification, and the invocation was not successful.

#ifndef MINOS_REPORT_SARIF_H_
#define MINOS_REPORT_SARIF_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

std::unique_ptr<Renderer> MakeSarifRenderer(const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_SARIF_H_

// JUnit XML, as CI servers show it: a suite a file, a case a check. A violation
// is a failure. A file that could not be judged is an error, and so is an
// unknown verdict unless it was forgiven: then it is skipped. Nothing that was
// not shown to hold looks as if it had.

#ifndef MINOS_REPORT_JUNIT_H_
#define MINOS_REPORT_JUNIT_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

std::unique_ptr<Renderer> MakeJUnitRenderer(const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_JUNIT_H_

// The report for people: the verdict first, then what nothing explains.

#ifndef MINOS_REPORT_TEXT_H_
#define MINOS_REPORT_TEXT_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

// One file: its verdict, and in full why. Several files: one verdict line each
// as they come, then in full why the first violations are violations, and how
// many files got which verdict.
std::unique_ptr<Renderer> MakeTextRenderer(const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_TEXT_H_

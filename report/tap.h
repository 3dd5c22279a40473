// The Test Anything Protocol, version 14: a test point a check, with the reason
// as a YAML block. An unknown verdict that was forgiven is skipped.

#ifndef MINOS_REPORT_TAP_H_
#define MINOS_REPORT_TAP_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

std::unique_ptr<Renderer> MakeTapRenderer(const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_TAP_H_

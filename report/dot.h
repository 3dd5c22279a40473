// Graphviz: a cluster a violation. A solid edge says that one operation had
// returned when the other was called (those that follow from others are left
// out); a red one is a step of a proof by contradiction.

#ifndef MINOS_REPORT_DOT_H_
#define MINOS_REPORT_DOT_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

std::unique_ptr<Renderer> MakeDotRenderer(const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_DOT_H_

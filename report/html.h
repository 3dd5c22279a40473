// The report as a page: one file that needs nothing else, no network and no
// script.

#ifndef MINOS_REPORT_HTML_H_
#define MINOS_REPORT_HTML_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

// A page of all files: their verdicts in a table, then for each check what was
// found. A violation shows its operations as a picture and as a table with
// their lines, the states that were possible, and the proof. Everything that
// was recorded is escaped.
std::unique_ptr<Renderer> MakeHtmlRenderer(const RenderOptions& options);

}  // namespace minos::report

#endif  // MINOS_REPORT_HTML_H_

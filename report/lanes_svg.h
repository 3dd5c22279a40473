// The picture of lanes, for a page.

#ifndef MINOS_REPORT_LANES_SVG_H_
#define MINOS_REPORT_LANES_SVG_H_

#include <string>

#include "history/history.h"
#include "report/lanes.h"

namespace minos::report {

// `lanes` as one SVG element, time from left to right, as wide as it needs to
// be. An operation tells its whole text and place where the pointer rests on
// it. The page styles the classes `bar`, `bar maybe` (it may or may not have
// happened), `bar culprit`, `label`, `lane` and `moment`. Empty if there is
// nothing to draw. O(n log n).
std::string LanesSvg(const history::History& history, const Lanes& lanes);

}  // namespace minos::report

#endif  // MINOS_REPORT_LANES_SVG_H_

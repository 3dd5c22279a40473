// Does a certificate prove what it says? See checker/replay.h.

#ifndef MINOS_REPORT_VERIFY_CERTIFICATE_H_
#define MINOS_REPORT_VERIFY_CERTIFICATE_H_

#include "checker/replay.h"
#include "history/history.h"
#include "report/certificate.h"

namespace minos::report {

// Replays `check` on `history`. It fails if it names no data type, quotes an
// operation wrongly, or gives an order that does not explain the history. The
// initial value is interned in the table of `history`. O(operations).
checker::ReplayResult VerifyCheck(history::History& history,
                                  const CertifiedCheck& check);

}  // namespace minos::report

#endif  // MINOS_REPORT_VERIFY_CERTIFICATE_H_

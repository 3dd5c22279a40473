// The orders that explain valid histories, for whoever wants to replay them.
//
//   {"schema": "minos.certificate/1",
//    "histories": [{"file": "a.edn", "checks": [
//      {"consistency": "linearizable", "model": "register",
//       "linearization": [{"operation": 0, "process": 0, "f": "write",
//                          "argument": 3, "result": 3, "line": 1}, …]}]}]}

#ifndef MINOS_REPORT_CERTIFICATE_H_
#define MINOS_REPORT_CERTIFICATE_H_

#include <memory>

#include "report/renderer.h"

namespace minos::report {

// A file without a certificate is listed as well, so that nobody takes a
// missing certificate for a missing file. O(operations).
std::unique_ptr<Renderer> MakeCertificateRenderer();

}  // namespace minos::report

#endif  // MINOS_REPORT_CERTIFICATE_H_

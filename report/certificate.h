// The orders that explain valid histories, for whoever wants to replay them.
//
//   {"schema": "minos.certificate/1",
//    "histories": [{"file": "a.edn", "checks": [
//      {"consistency": "linearizable", "model": "register", "keys": "none",
//       "linearization": [{"operation": 0, "process": 0, "f": "write",
//                          "argument": 3, "result": 3, "line": 1}, …]}]}]}
//
// "keys" says where the key of an operation stands, as --keys does (and
// "transaction": in the only micro-operation). "initial" is the initial value
// in EDN, if one was given. The order is one of all keys together.

#ifndef MINOS_REPORT_CERTIFICATE_H_
#define MINOS_REPORT_CERTIFICATE_H_

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "report/renderer.h"

namespace minos::report {

// A file without a certificate is listed as well, so that nobody takes a
// missing certificate for a missing file. O(operations).
std::unique_ptr<Renderer> MakeCertificateRenderer();

// One operation of a certificate.
struct CertificateStep {
  uint64_t operation = 0;
  std::string text;  // all of its fields; see StepText
};

// The order that explains one valid check.
struct CertifiedCheck {
  std::string consistency;
  std::string model;
  std::string keys;
  std::string initial;  // EDN; empty if none was given
  std::vector<CertificateStep> linearization;
};

// The certificates of one file.
struct CertifiedHistory {
  std::string file;
  std::vector<CertifiedCheck> checks;
};

// Reads what the renderer wrote, in whatever layout. InvalidArgument if it is
// no certificate. O(length); holds one step as a tree at a time.
absl::StatusOr<std::vector<CertifiedHistory>> ReadCertificate(std::istream& in);

// What stands in a certificate for the operation `op`: its JSON, as
// CertificateStep::text has it. REQUIRES: op < history.size().
std::string StepText(const history::History& history, history::OpIndex op);

}  // namespace minos::report

#endif  // MINOS_REPORT_CERTIFICATE_H_

#include "report/result.h"

#include <algorithm>

namespace minos::report {

std::string_view ToString(Finding finding) {
  switch (finding) {
    case Finding::kValid:
      return "valid";
    case Finding::kUnknown:
      return "unknown";
    case Finding::kError:
      return "error";
    case Finding::kViolation:
      return "violation";
  }
  return "error";
}

Finding FindingOf(checker::Verdict verdict) {
  switch (verdict) {
    case checker::Verdict::kValid:
      return Finding::kValid;
    case checker::Verdict::kViolation:
      return Finding::kViolation;
    case checker::Verdict::kUnknown:
      return Finding::kUnknown;
  }
  return Finding::kError;
}

Finding Combine(Finding a, Finding b) { return std::max(a, b); }

void Tally::Count(Finding finding) {
  switch (finding) {
    case Finding::kValid:
      ++valid;
      break;
    case Finding::kUnknown:
      ++unknown;
      break;
    case Finding::kError:
      ++error;
      break;
    case Finding::kViolation:
      ++violation;
      break;
  }
}

Finding Tally::worst() const {
  if (violation > 0) return Finding::kViolation;
  if (error > 0) return Finding::kError;
  if (unknown > 0) return Finding::kUnknown;
  return Finding::kValid;
}

}  // namespace minos::report

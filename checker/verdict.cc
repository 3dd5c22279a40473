#include "checker/verdict.h"

namespace minos::checker {

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kValid:
      return "valid";
    case Verdict::kViolation:
      return "violation";
    case Verdict::kUnknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view ToString(UnknownReason reason) {
  switch (reason) {
    case UnknownReason::kTimeLimit:
      return "time-limit";
    case UnknownReason::kMemoryLimit:
      return "memory-limit";
    case UnknownReason::kInterrupted:
      return "interrupted";
    case UnknownReason::kAmbiguousValues:
      return "ambiguous-values";
    case UnknownReason::kAssumptionViolated:
      return "assumption-violated";
    case UnknownReason::kUnsupported:
      return "unsupported";
  }
  return "unsupported";
}

Verdict Combine(Verdict a, Verdict b) {
  if (a == Verdict::kViolation || b == Verdict::kViolation) {
    return Verdict::kViolation;
  }
  if (a == Verdict::kUnknown || b == Verdict::kUnknown) {
    return Verdict::kUnknown;
  }
  return Verdict::kValid;
}

}  // namespace minos::checker

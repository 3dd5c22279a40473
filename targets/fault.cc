#include "targets/fault.h"

namespace minos::targets {

std::string_view ToString(FaultKind kind) {
  switch (kind) {
    case FaultKind::kPartition:
      return "partition";
    case FaultKind::kCrash:
      return "crash";
    case FaultKind::kPause:
      return "pause";
    case FaultKind::kClock:
      return "clock";
    case FaultKind::kLoss:
      return "loss";
    case FaultKind::kDuplicate:
      return "duplicate";
    case FaultKind::kDelay:
      return "delay";
    case FaultKind::kReorder:
      return "reorder";
  }
  return "?";
}

std::string_view Describe(FaultKind kind) {
  switch (kind) {
    case FaultKind::kPartition:
      return "links between nodes are cut: one node, halves, a ring of "
             "majorities, a bridge, or one way only";
    case FaultKind::kCrash:
      return "nodes lose their memory and what they had not synced, and "
             "restart later";
    case FaultKind::kPause:
      return "nodes stand still, and then go on as if nothing had been";
    case FaultKind::kClock:
      return "clocks of nodes jump, and run too fast or too slow";
    case FaultKind::kLoss:
      return "some messages are lost, between nodes and to and from clients";
    case FaultKind::kDuplicate:
      return "some messages between nodes arrive twice";
    case FaultKind::kDelay:
      return "messages take up to hundreds of milliseconds longer";
    case FaultKind::kReorder:
      return "messages between nodes overtake each other";
  }
  return "?";
}

std::optional<FaultKind> FaultFromName(std::string_view name) {
  for (FaultKind kind : kAllFaultKinds) {
    if (ToString(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace minos::targets

#include "targets/trace.h"

#include "absl/strings/str_cat.h"

namespace minos::targets {
namespace {

const char* Name(TraceKind kind) {
  switch (kind) {
    case TraceKind::kSend:
      return "send";
    case TraceKind::kDeliver:
      return "deliver";
    case TraceKind::kLose:
      return "lose";
    case TraceKind::kTimer:
      return "timer";
    case TraceKind::kAsk:
      return "ask";
    case TraceKind::kServe:
      return "serve";
    case TraceKind::kAnswer:
      return "answer";
    case TraceKind::kHear:
      return "hear";
    case TraceKind::kVanish:
      return "vanish";
    case TraceKind::kCrash:
      return "crash";
    case TraceKind::kRestart:
      return "restart";
    case TraceKind::kPause:
      return "pause";
    case TraceKind::kResume:
      return "resume";
    case TraceKind::kFault:
      return "fault";
  }
  return "?";
}

bool FromProcess(TraceKind kind) {
  return kind == TraceKind::kAsk || kind == TraceKind::kServe;
}

bool ToProcess(TraceKind kind) {
  return kind == TraceKind::kAnswer || kind == TraceKind::kHear;
}

void AppendPlace(const char* field, int place, bool is_process,
                 std::string& out) {
  if (place == kNoNode) return;
  if (is_process) {
    absl::StrAppend(&out, ",\"", field, "\":", place);
  } else {
    absl::StrAppend(&out, ",\"", field, "\":\"n", place + 1, "\"");
  }
}

}  // namespace

std::string Trace::ToJsonLines() const {
  std::string out;
  for (const TraceStep& step : steps_) {
    absl::StrAppend(&out, "{\"time\":", step.time, ",\"step\":\"",
                    Name(step.kind), "\"");
    AppendPlace("from", step.from, FromProcess(step.kind), out);
    AppendPlace("to", step.to, ToProcess(step.kind), out);
    if (!step.name.empty()) {
      absl::StrAppend(&out, ",\"name\":\"", std::string(step.name), "\"");
    }
    absl::StrAppend(&out, ",\"id\":", step.id, "}\n");
  }
  return out;
}

}  // namespace minos::targets

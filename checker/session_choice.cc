#include "checker/session_choice.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace minos::checker {

using history::History;
using history::kNever;
using history::kNoValue;
using history::OpIndex;
using history::Outcome;
using history::Position;
using history::ValueId;
using history::ValueKind;

namespace {

// When a process was first seen, and whether its last operation crashed.
struct Lifetime {
  Position first_call = kNever;
  bool crashed = false;
};

absl::StatusOr<std::map<int64_t, Lifetime>> Lifetimes(const History& history) {
  std::map<int64_t, Lifetime> lifetimes;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op)) continue;
    const ValueId process = history.process(op);
    if (history.values().kind(process) != ValueKind::kInteger) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", history.call_line(op),
                       ": the process is no number, so it has no thread"));
    }
    Lifetime& lifetime = lifetimes[history.values().integer(process)];
    lifetime.first_call = std::min(lifetime.first_call, history.call(op));
    lifetime.crashed = history.outcome(op) == Outcome::kInfo;
  }
  return lifetimes;
}

// True if with `threads` threads each later process follows one that crashed.
bool Fits(const std::map<int64_t, Lifetime>& lifetimes, int64_t threads) {
  return std::all_of(lifetimes.begin(), lifetimes.end(), [&](const auto& each) {
    const auto& [process, lifetime] = each;
    if (process < threads) return true;
    const auto before = lifetimes.find(process - threads);
    return before != lifetimes.end() && before->second.crashed &&
           before->second.first_call < lifetime.first_call;
  });
}

absl::StatusOr<SessionChoice> ByThread(const History& history) {
  const auto lifetimes = Lifetimes(history);
  if (!lifetimes.ok()) return lifetimes.status();
  int64_t threads = 1;
  const auto size = static_cast<int64_t>(lifetimes->size());
  while (threads < size && !Fits(*lifetimes, threads)) ++threads;
  SessionChoice choice;
  choice.note =
      absl::StrCat("sessions are threads: the process modulo ", threads);
  choice.sessions.assign(history.size(), kNoValue);
  // A thread is called by the first of its processes.
  std::map<int64_t, ValueId> name;
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op)) continue;
    const ValueId process = history.process(op);
    const int64_t number = history.values().integer(process);
    const int64_t thread = ((number % threads) + threads) % threads;
    choice.sessions[op] = name.try_emplace(thread, process).first->second;
  }
  return choice;
}

}  // namespace

absl::StatusOr<SessionChoice> SessionsBy(const History& history,
                                         const std::string& field) {
  if (field.empty()) return SessionChoice{};
  if (field == "thread") return ByThread(history);
  SessionChoice choice;
  choice.note = absl::StrCat("sessions are told by `", field, "`");
  choice.sessions.assign(history.size(), kNoValue);
  for (OpIndex op = 0; op < history.size(); ++op) {
    if (!history.is_client(op)) continue;
    const history::Operation row = history.operation(op);
    const ValueId session = field == "process"   ? row.process
                            : field == "session" ? row.session
                            : field == "node"    ? row.node
                                                 : history.Extra(op, field);
    if (session == kNoValue) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", history.call_line(op), ": the operation has no `", field,
          "` to tell its session by"));
    }
    choice.sessions[op] = session;
  }
  return choice;
}

}  // namespace minos::checker

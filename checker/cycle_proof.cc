#include "checker/cycle_proof.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "checker/reads_from.h"
#include "checker/saturation.h"
#include "history/value_text.h"

namespace minos::checker {

namespace {

using history::OpIndex;

constexpr size_t kTextLength = 40;

// Remembers by what each update entered, until the read is reached.
class Tracer : public SaturationSink {
 public:
  Tracer(Step read, Step update) : read_(read), update_(update) {}
  void MustPrecede(Step, Step, Step) override {}
  void MustNotSee(Step, Step) override {}
  void Entered(Step update, const Entry& entry) override {
    entries_.try_emplace(update, entry);
  }
  bool GoOn(Step step) override {
    return step <= read_ && !entries_.contains(update_);
  }
  const Entry* Find(Step update) const {
    const auto found = entries_.find(update);
    return found == entries_.end() ? nullptr : &found->second;
  }

 private:
  Step read_;
  Step update_;
  absl::flat_hash_map<Step, Entry> entries_;
};

std::string_view RuleName(Cause cause, ProofWords words) {
  switch (cause) {
    case Cause::kOwnWrite:
      return words == ProofWords::kCausal ? "session-order"
                                          : "read-your-writes";
    case Cause::kOwnRead:
      return words == ProofWords::kCausal ? "reads-from" : "monotonic-reads";
    case Cause::kEarlierWrite:
      return words == ProofWords::kCausal ? "session-order"
                                          : "monotonic-writes";
    case Cause::kReadBefore:
      return words == ProofWords::kCausal ? "reads-from"
                                          : "writes-follow-reads";
  }
  return "";
}

std::string Capitalized(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] -= 'a' - 'A';
  return text;
}

std::string ReturnedText(const SessionHistory& steps, Step read) {
  return history::ToShortText(steps.history->values(), steps.values[read],
                              kTextLength);
}

void SortCore(std::vector<OpIndex>& core) {
  std::sort(core.begin(), core.end());
  core.erase(std::unique(core.begin(), core.end()), core.end());
}

// Why the session of `read` saw `update` when it entered: one step of the
// derivation.
std::string WhyEntered(const SessionHistory& steps, Step read, Step update,
                       const Entry& entry) {
  const std::string name = StepText(steps, update);
  switch (entry.cause) {
    case Cause::kOwnWrite:
      return absl::StrCat("The session of ", StepText(steps, read),
                          " had itself made ", name, " before.");
    case Cause::kOwnRead:
      return entry.read == read
                 ? absl::StrCat(Capitalized(StepText(steps, read)), " shows ",
                                name, ".")
                 : absl::StrCat(Capitalized(StepText(steps, entry.read)),
                                ", earlier in the same session, had returned ",
                                name, ".");
    case Cause::kEarlierWrite:
      return absl::StrCat(Capitalized(name), " comes before ",
                          StepText(steps, entry.via),
                          " in its session, and who sees that sees this too.");
    case Cause::kReadBefore:
      return absl::StrCat(Capitalized(StepText(steps, entry.read)),
                          " returned ", name, " before its session made ",
                          StepText(steps, entry.via),
                          ", and who sees that sees this too.");
  }
  return "";
}

}  // namespace

std::vector<std::string> WhySeen(const SessionHistory& steps, RuleSet rules,
                                 ProofWords words, Step read, Step update,
                                 std::vector<OpIndex>& core,
                                 std::string& rule) {
  std::vector<std::string> sentences;
  core.push_back(steps.operations[read]);
  core.push_back(steps.operations[update]);
  const auto shown = steps.Shown(read);
  if (std::find(shown.begin(), shown.end(), update) != shown.end()) {
    rule = "reads-from";
    return {absl::StrCat(Capitalized(StepText(steps, read)), " shows ",
                         StepText(steps, update), ".")};
  }
  Tracer tracer(read, update);
  Saturation saturation(steps, rules, Saturation::Detail::kAll, true);
  saturation.Sweep(steps.chains[read], tracer);
  Step current = update;
  while (const Entry* entry = tracer.Find(current)) {
    if (rule.empty()) rule = std::string(RuleName(entry->cause, words));
    if (entry->read != kNoStep) core.push_back(steps.operations[entry->read]);
    sentences.push_back(WhyEntered(steps, read, current, *entry));
    const bool is_own =
        entry->cause == Cause::kOwnWrite || entry->cause == Cause::kOwnRead;
    if (is_own) break;
    core.push_back(steps.operations[entry->via]);
    current = entry->via;
  }
  return sentences;
}

namespace {

// `edge` says that what its witness returned overwrote what it had to see.
void ExplainSeen(const SessionHistory& steps, RuleSet rules, ProofWords words,
                 const OrderEdge& edge, ProofEdge& proof,
                 std::vector<OpIndex>& core) {
  const Step read = edge.witness;
  const std::string from = StepText(steps, edge.from);
  const std::vector<std::string> why =
      WhySeen(steps, rules, words, read, edge.from, core, proof.rule);
  if (proof.rule.empty()) proof.rule = "seen";
  proof.because = absl::StrCat(
      Capitalized(StepText(steps, read)), " returned ",
      ReturnedText(steps, read), " although it had to see ", from, ", so ",
      from, " must have been overwritten by ", StepText(steps, edge.to), ".");
  for (const std::string& sentence : why) {
    absl::StrAppend(&proof.because, " ", sentence);
  }
  if (why.empty()) {
    absl::StrAppend(&proof.because,
                    " It had to see it because the other reads of its session "
                    "put it before what it saw.");
  }
}

ProofEdge ExplainEdge(const SessionHistory& steps, RuleSet rules,
                      ProofWords words, const OrderEdge& edge,
                      Violation& violation) {
  ProofEdge proof;
  proof.from = steps.operations[edge.from];
  proof.to = steps.operations[edge.to];
  violation.core.push_back(proof.from);
  violation.core.push_back(proof.to);
  const std::string from = StepText(steps, edge.from);
  const std::string to = StepText(steps, edge.to);
  switch (edge.reason) {
    case OrderReason::kNone:
      break;
    case OrderReason::kSessionWrites:
      proof.rule =
          words == ProofWords::kCausal ? "session-order" : "monotonic-writes";
      proof.because = absl::StrCat(Capitalized(from), " comes before ", to,
                                   " in their session.");
      break;
    case OrderReason::kSessionKey:
      proof.rule = "session-arbitration";
      proof.because = absl::StrCat("One session made ", from, " and then ", to,
                                   ", of the same key.");
      break;
    case OrderReason::kReadBefore:
      proof.rule =
          words == ProofWords::kCausal ? "reads-from" : "writes-follow-reads";
      proof.because =
          absl::StrCat(Capitalized(StepText(steps, edge.witness)), " returned ",
                       from, ", and its session made ", to, " after that.");
      violation.core.push_back(steps.operations[edge.witness]);
      break;
    case OrderReason::kRealTime:
      proof.rule = "realtime-arbitration";
      proof.because = absl::StrCat(Capitalized(from), " had returned before ",
                                   to, " was called.");
      break;
    case OrderReason::kVersion:
      proof.rule = "version-order";
      proof.because = absl::StrCat("The recorded version of ", from,
                                   " is lower than that of ", to, ".");
      break;
    case OrderReason::kSeen:
      ExplainSeen(steps, rules, words, edge, proof, violation.core);
      break;
  }
  return proof;
}

}  // namespace

Violation CycleViolation(const SessionHistory& steps, RuleSet rules,
                         ProofWords words,
                         const std::vector<OrderEdge>& cycle) {
  Violation violation;
  violation.kind = "arbitration-cycle";
  for (const OrderEdge& edge : cycle) {
    violation.cycle.push_back(
        ExplainEdge(steps, rules, words, edge, violation));
    violation.sentences.push_back(violation.cycle.back().because);
    if (edge.witness != kNoStep) {
      const OpIndex op = steps.operations[edge.witness];
      if (!violation.culprit || *violation.culprit < op) violation.culprit = op;
    }
  }
  if (!cycle.empty()) {
    const Step first = cycle.front().from;
    violation.key = steps.key_names[steps.keys[first]];
    violation.summary = absl::StrCat(Capitalized(StepText(steps, first)),
                                     " would have to come before itself");
    violation.sentences.push_back(
        "These demands form a circle, so no order of the updates meets them "
        "all.");
  }
  SortCore(violation.core);
  return violation;
}

Violation UnseenViolation(const SessionHistory& steps, RuleSet rules,
                          ProofWords words, Step read, Step update) {
  Violation violation;
  const bool is_initial = steps.observation == Observation::kRegister;
  violation.kind = is_initial ? "initial-value-again" : "update-not-seen";
  violation.key = steps.key_names[steps.keys[read]];
  violation.culprit = steps.operations[read];
  std::string rule;
  violation.sentences =
      WhySeen(steps, rules, words, read, update, violation.core, rule);
  violation.summary =
      absl::StrCat(Capitalized(StepText(steps, read)), " returned ",
                   ReturnedText(steps, read), ", although it had to see ",
                   StepText(steps, update));
  violation.sentences.push_back(
      is_initial ? "The initial value comes before every update, so a read "
                   "that sees one cannot return it."
                 : "The read returns all updates that it sees, and this one "
                   "is not among them.");
  violation.cycle.push_back({steps.operations[update], steps.operations[read],
                             rule, violation.sentences.front()});
  violation.cycle.push_back({steps.operations[read], steps.operations[update],
                             is_initial ? "initial-value" : "not-shown",
                             violation.sentences.back()});
  SortCore(violation.core);
  return violation;
}

}  // namespace minos::checker

#include "report/verify_certificate.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "checker/model_registry.h"
#include "checker/partition.h"
#include "history/edn.h"

namespace minos::report {
namespace {

using checker::ReplayResult;
using history::History;
using history::OpIndex;

std::optional<checker::KeyChoice> KeysOf(const std::string& name) {
  if (name == "none") return checker::KeyChoice::kNone;
  if (name == "field") return checker::KeyChoice::kField;
  if (name == "tuple") return checker::KeyChoice::kTuple;
  // Whatever else was found is found again.
  if (name == "transaction") return checker::KeyChoice::kAuto;
  return std::nullopt;
}

ReplayResult Rejected(std::string reason) {
  return {ReplayResult::Outcome::kFails, std::move(reason), 0, 0};
}

// Why a step says something else of its operation than the history.
std::optional<std::string> Misquotes(const History& history,
                                     const CertifiedCheck& check) {
  for (const CertificateStep& step : check.linearization) {
    if (step.operation >= history.size()) {
      return absl::StrCat("there is no operation ", step.operation);
    }
    const auto op = static_cast<OpIndex>(step.operation);
    const std::string text = StepText(history, op);
    if (step.text != text) {
      return absl::StrCat("operation ", step.operation, " is ", text, ", not ",
                          step.text);
    }
  }
  return std::nullopt;
}

}  // namespace

ReplayResult VerifyCheck(History& history, const CertifiedCheck& check) {
  if (check.consistency != "linearizable") {
    return Rejected("an order proves nothing for `" + check.consistency + "`");
  }
  const auto model = checker::FindModel(check.model);
  if (!model.ok()) return Rejected(std::string(model.status().message()));
  const auto keys = KeysOf(check.keys);
  if (!keys) return Rejected("it does not say where the keys stand");
  history::ValueId initial = history::kNoValue;
  if (!check.initial.empty()) {
    const auto value =
        history::ParseEdn(check.initial, history.mutable_values());
    if (!value.ok()) return Rejected(std::string(value.status().message()));
    initial = *value;
  }
  const auto partitioning = checker::SplitByKey(history, **model, *keys);
  if (!partitioning.ok()) {
    return Rejected(std::string(partitioning.status().message()));
  }
  if (checker::ToString(partitioning->keying) != check.keys) {
    return Rejected(
        absl::StrCat("its keys stand nowhere as `", check.keys, "` says"));
  }
  if (auto misquoted = Misquotes(history, check)) {
    return Rejected(*std::move(misquoted));
  }
  std::vector<OpIndex> order;
  order.reserve(check.linearization.size());
  for (const CertificateStep& step : check.linearization) {
    order.push_back(static_cast<OpIndex>(step.operation));
  }
  auto result = checker::ReplayLinearization(history, **model, *partitioning,
                                             initial, order);
  if (!result.ok()) return Rejected(std::string(result.status().message()));
  return *std::move(result);
}

}  // namespace minos::report

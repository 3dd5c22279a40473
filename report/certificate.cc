#include "report/certificate.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "history/operation.h"
#include "history/value.h"
#include "history/value_text.h"

namespace minos::report {
namespace {

using checker::CheckResult;
using checker::HistoryVerdict;
using history::History;
using history::OpIndex;

std::string Quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false,
                                   nlohmann::json::error_handler_t::replace);
}

void AppendField(const History& history, std::string_view name,
                 history::ValueId value, std::string& text) {
  absl::StrAppend(&text, ", \"", std::string(name), "\": ");
  if (value == history::kNoValue) {
    text.append("null");
  } else {
    AppendJson(history.values(), value, text);
  }
}

// Written by hand: a certificate is as long as the history, and a tree of it
// would be many times that.
void AppendStep(const History& history, OpIndex op, std::string& text) {
  absl::StrAppend(&text, "{\"operation\": ", op);
  AppendField(history, "process", history.process(op), text);
  AppendField(history, "f", history.function(op), text);
  if (history.has_keys()) AppendField(history, "key", history.key(op), text);
  AppendField(history, "argument", history.argument(op), text);
  AppendField(history, "result", history.result(op), text);
  absl::StrAppend(&text, ", \"line\": ", history.call_line(op), "}");
}

void AppendCheck(const History& history, const HistoryVerdict& verdict,
                 const CheckResult& check, std::string& text) {
  absl::StrAppend(
      &text, "\n      {\"consistency\": ", Quoted(check.consistency),
      ", \"model\": ", Quoted(check.model),
      ", \"keys\": ", Quoted(std::string(ToString(verdict.keying))));
  if (verdict.initial != history::kNoValue) {
    std::string initial;
    AppendEdn(history.values(), verdict.initial, initial);
    absl::StrAppend(&text, ", \"initial\": ", Quoted(initial));
  }
  text.append(", \"linearization\": [");
  std::string_view separator = "\n        ";
  for (OpIndex op : check.linearization) {
    text.append(separator);
    AppendStep(history, op, text);
    separator = ",\n        ";
  }
  text.append("]}");
}

class CertificateRenderer final : public Renderer {
 public:
  std::string Add(const FileResult& result) override {
    std::string text = absl::StrCat(Head(), "{\"file\": ", Quoted(result.file),
                                    ", \"checks\": [");
    if (result.verdict != nullptr) {
      std::string_view separator;
      for (const CheckResult& check : result.verdict->checks) {
        if (!HasCertificate(check)) continue;
        text.append(separator);
        AppendCheck(*result.history, *result.verdict, check, text);
        separator = ",";
      }
    }
    return text.append("]}");
  }

  std::string Finish() override {
    return (is_first_ ? Head() : std::string()) + "\n  ]\n}\n";
  }

 private:
  static bool HasCertificate(const CheckResult& check) {
    // The order may be empty: nothing need have happened.
    return check.verdict == checker::Verdict::kValid &&
           check.consistency == "linearizable";
  }

  // What stands in front of the next file.
  std::string Head() {
    if (!std::exchange(is_first_, false)) return ",\n    ";
    return "{\n  \"schema\": \"minos.certificate/1\",\n"
           "  \"histories\": [\n    ";
  }

  bool is_first_ = true;
};

}  // namespace

std::unique_ptr<Renderer> MakeCertificateRenderer() {
  return std::make_unique<CertificateRenderer>();
}

std::string StepText(const History& history, OpIndex op) {
  std::string text;
  AppendStep(history, op, text);
  return nlohmann::json::parse(text).dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace minos::report

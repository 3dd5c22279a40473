// minos verify: replays the order that a certificate gives.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "checker/replay.h"
#include "cli/commands.h"
#include "cli/input_files.h"
#include "cli/interruption.h"
#include "cli/output.h"
#include "cli/quantities.h"
#include "cli/reading.h"
#include "history/read.h"
#include "report/certificate.h"
#include "report/verify_certificate.h"
#include "report/words.h"

namespace minos::cli {
namespace {

using checker::ReplayResult;
using history::History;
using report::CertifiedCheck;
using report::CertifiedHistory;
using Json = nlohmann::ordered_json;

struct VerifyFlags {
  std::string history;
  std::string certificate;
  std::string input_format;
  std::string format = "text";
};

constexpr std::string_view kExamples = R"(Examples:
  minos check --certificate proof.json history.edn
  minos verify history.edn proof.json

Exit codes: 0 the certificate holds, 1 it does not, 2 error, 3 unknown.)";

// What became of one check of the certificate.
struct Verified {
  const CertifiedCheck* check = nullptr;
  ReplayResult result;
};

absl::StatusOr<std::vector<CertifiedHistory>> ReadCertificateFile(
    const std::string& path) {
  absl::StatusOr<std::vector<CertifiedHistory>> certificate;
  if (path == "-") {
    certificate = report::ReadCertificate(std::cin);
  } else {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
      return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
    }
    certificate = report::ReadCertificate(in);
  }
  if (certificate.ok()) return certificate;
  return absl::InvalidArgumentError(absl::StrCat(
      InputName(path), ": ", std::string(certificate.status().message())));
}

// The part of the certificate that is about `file`: the one of that name, or
// the only one.
absl::StatusOr<const CertifiedHistory*> FindHistory(
    const std::vector<CertifiedHistory>& certificate,
    const VerifyFlags& flags) {
  const CertifiedHistory* found = nullptr;
  for (const CertifiedHistory& each : certificate) {
    if (each.file == flags.history) found = &each;
  }
  if (found == nullptr && certificate.size() == 1) found = &certificate[0];
  if (found == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(InputName(flags.certificate),
                                                   ": there is nothing about ",
                                                   flags.history));
  }
  if (found->checks.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        InputName(flags.certificate), ": there is no order for ", flags.history,
        "; only a history that is linearizable has a certificate"));
  }
  return found;
}

std::string_view WordOf(ReplayResult::Outcome outcome) {
  switch (outcome) {
    case ReplayResult::Outcome::kHolds:
      return "holds";
    case ReplayResult::Outcome::kFails:
      return "rejected";
    case ReplayResult::Outcome::kUndecided:
      break;
  }
  return "unknown";
}

ExitCode ExitCodeOf(const std::vector<Verified>& verified) {
  ExitCode code = ExitCode::kValid;
  for (const Verified& each : verified) {
    if (each.result.outcome == ReplayResult::Outcome::kFails) {
      return ExitCode::kViolation;
    }
    if (each.result.outcome == ReplayResult::Outcome::kUndecided) {
      code = ExitCode::kUnknown;
    }
  }
  return code;
}

std::string Text(const std::string& file,
                 const std::vector<Verified>& verified) {
  std::string text;
  for (const auto& [check, result] : verified) {
    absl::StrAppend(&text, report::Printable(InputName(file)), ": ",
                    std::string(WordOf(result.outcome)), ": ",
                    report::Printable(check->consistency), " ",
                    report::Printable(check->model));
    if (result.outcome == ReplayResult::Outcome::kHolds) {
      absl::StrAppend(
          &text, " (",
          report::Count(result.operations, "operation", "operations"),
          " in order, of which ", result.crashed, " of unknown outcome)\n");
    } else {
      absl::StrAppend(&text, ": ", report::Printable(result.reason), "\n");
    }
  }
  return text;
}

std::string JsonText(const std::string& file,
                     const std::vector<Verified>& verified) {
  Json checks = Json::array();
  for (const auto& [check, result] : verified) {
    checks.push_back({{"consistency", check->consistency},
                      {"model", check->model},
                      {"outcome", std::string(WordOf(result.outcome))},
                      {"operations", result.operations},
                      {"info_operations", result.crashed},
                      {"reason", result.reason}});
  }
  const Json json = {{"schema", "minos.verification/1"},
                     {"file", file},
                     {"holds", ExitCodeOf(verified) == ExitCode::kValid},
                     {"checks", std::move(checks)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::StatusOr<History> ReadJudgedHistory(const VerifyFlags& flags) {
  auto options = ReadingOptions(flags.input_format);
  if (!options.ok()) return options.status();
  const StopTimer timer(std::nullopt);
  options->interrupted = &timer.ShouldStop();
  auto recording = ReadInput({flags.history, false, {}}, *options);
  if (!recording.ok()) return recording.status();
  if (recording->has_errors) {
    return absl::InvalidArgumentError(
        absl::StrCat(InputName(flags.history),
                     ": the recording has errors; `minos validate` lists "
                     "them"));
  }
  return std::move(recording->history);
}

absl::StatusOr<ExitCode> Verify(const VerifyFlags& flags) {
  absl::Status status =
      CheckName("format of `verify`", flags.format, {"text", "json"});
  if (status.ok() && flags.history == "-" && flags.certificate == "-") {
    status = absl::InvalidArgumentError(
        "the history and the certificate cannot both come from standard "
        "input");
  }
  if (!status.ok()) return status;
  auto history = ReadJudgedHistory(flags);
  if (!history.ok()) return history.status();
  const auto certificate = ReadCertificateFile(flags.certificate);
  if (!certificate.ok()) return certificate.status();
  const auto certified = FindHistory(*certificate, flags);
  if (!certified.ok()) return certified.status();
  std::vector<Verified> verified;
  for (const CertifiedCheck& check : (*certified)->checks) {
    verified.push_back({&check, report::VerifyCheck(*history, check)});
  }
  const ExitCode written =
      PrintResult(flags.format == "json" ? JsonText(flags.history, verified)
                                         : Text(flags.history, verified));
  return written == ExitCode::kValid ? ExitCodeOf(verified) : written;
}

ExitCode RunVerify(const VerifyFlags& flags) {
  const auto code = Verify(flags);
  if (Interrupted()) return ExitCode::kInterrupted;
  return code.ok() ? *code : Fail(code.status());
}

}  // namespace

void AddVerifyCommand(CLI::App& app, Command& chosen) {
  auto flags = std::make_shared<VerifyFlags>();
  CLI::App* command =
      app.add_subcommand("verify", "Replay the order that a certificate gives");
  command->add_option("HISTORY", flags->history, "The recorded history, or -")
      ->required()
      ->type_name("");
  command
      ->add_option("CERTIFICATE", flags->certificate,
                   "What `minos check --certificate` wrote for it, or -")
      ->required()
      ->type_name("");
  command
      ->add_option("--input-format", flags->input_format,
                   "How the history is written, if its content does not tell")
      ->type_name("FORMAT")
      ->check(RefuseEmpty);
  command->add_option("--format", flags->format, "text or json")
      ->type_name("FORMAT")
      ->capture_default_str();
  command->footer(std::string(kExamples));
  command->callback(
      [flags, &chosen] { chosen = [flags] { return RunVerify(*flags); }; });
}

}  // namespace minos::cli

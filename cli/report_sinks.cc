#include "cli/report_sinks.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/quantities.h"
#include "report/certificate.h"

namespace minos::cli {
namespace {

// Whether text is coloured that goes to standard output, or to a file.
bool WantsColor(const ReportFlags& flags, bool to_terminal) {
  if (flags.color == "always") return true;
  if (flags.color == "never") return false;
  return to_terminal && TerminalHasColors();
}

}  // namespace

void ReportFlags::AddTo(CLI::App& app) {
  app.add_option("--format", format,
                 "How the result is written; see `minos list formats`")
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_option("-o,--output", output, "Where, instead of standard output")
      ->type_name("FILE")
      ->check(RefuseEmpty);
  app.add_option("--report", reports,
                 "One more report, FORMAT=FILE (repeatable)")
      ->type_name("FORMAT=FILE")
      ->allow_extra_args(false);
  app.add_option("--certificate", certificate,
                 "Write the order that explains each valid history, as JSON")
      ->type_name("FILE")
      ->check(RefuseEmpty);
  app.add_option("--color", color, "auto, always or never")
      ->type_name("WHEN")
      ->capture_default_str();
  app.add_flag("-q,--quiet", quiet, "The verdicts only");
  app.add_option("--fail-on", fail_on,
                 "violation: an unknown verdict exits with 0 instead of 3")
      ->type_name("VERDICT")
      ->capture_default_str();
}

absl::Status ReportFlags::Validate() const {
  absl::Status status =
      CheckName("value of --color", color, {"auto", "always", "never"});
  status.Update(
      CheckName("value of --fail-on", fail_on, {"violation", "unknown"}));
  return status;
}

ExitCode ReportFlags::ExitCodeOf(report::Finding finding) const {
  if (finding == report::Finding::kUnknown && forgives_unknown()) {
    return ExitCode::kValid;
  }
  return cli::ExitCodeOf(finding);
}

absl::StatusOr<ReportSinks> ReportSinks::Open(const ReportFlags& flags,
                                              bool several) {
  absl::Status status = flags.Validate();
  if (!status.ok()) return status;
  ReportSinks sinks;
  report::RenderOptions options;
  options.several = several;
  options.quiet = flags.quiet;
  options.forgives_unknown = flags.forgives_unknown();
  options.style = report::Style(WantsColor(flags, flags.output.empty()));
  status = sinks.AddReport(flags.format, flags.output, options);
  options.style = report::Style(WantsColor(flags, false));
  for (const std::string& report : flags.reports) {
    if (!status.ok()) break;
    const size_t equals = report.find('=');
    if (equals == report.npos || equals + 1 == report.size()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--report \"", report,
          "\" must be FORMAT=FILE, as in --report junit=results.xml"));
    }
    status = sinks.AddReport(report.substr(0, equals),
                             report.substr(equals + 1), options);
  }
  if (status.ok() && !flags.certificate.empty()) {
    status =
        sinks.AddSink(report::MakeCertificateRenderer(), flags.certificate);
  }
  if (!status.ok()) return status;
  return sinks;
}

absl::Status ReportSinks::AddReport(const std::string& format,
                                    const std::string& path,
                                    const report::RenderOptions& options) {
  auto renderer = report::MakeRenderer(format, options);
  if (!renderer.ok()) return renderer.status();
  return AddSink(*std::move(renderer), path);
}

absl::Status ReportSinks::AddSink(std::unique_ptr<report::Renderer> renderer,
                                  const std::string& path) {
  if (path.empty() || path == "-") {
    sinks_.push_back({std::move(renderer), Output()});
    return absl::OkStatus();
  }
  absl::StatusOr<Output> output = Output::ToFile(path);
  if (!output.ok()) return output.status();
  sinks_.push_back({std::move(renderer), *std::move(output)});
  return absl::OkStatus();
}

void ReportSinks::Add(const report::FileResult& result) {
  for (Sink& sink : sinks_) {
    sink.output.Write(sink.renderer->Add(result)).IgnoreError();
  }
}

std::vector<absl::Status> ReportSinks::Finish() {
  std::vector<absl::Status> failures;
  for (Sink& sink : sinks_) {
    absl::Status status = sink.output.Write(sink.renderer->Finish());
    status.Update(sink.output.Close());
    if (!status.ok()) failures.push_back(std::move(status));
  }
  return failures;
}

}  // namespace minos::cli

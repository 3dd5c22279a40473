// The reports of one run: each a format and where it goes.

#ifndef MINOS_CLI_REPORT_SINKS_H_
#define MINOS_CLI_REPORT_SINKS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "report/renderer.h"
#include "report/result.h"

namespace CLI {
class App;
}

namespace minos::cli {

// The flags of every command that judges: --format, --output, --report,
// --certificate, --quiet, --color and --fail-on.
struct ReportFlags {
  std::string format = "text";
  std::string output;                // empty for standard output
  std::vector<std::string> reports;  // FORMAT=FILE
  std::string certificate;           // empty for none
  std::string color = "auto";
  bool quiet = false;
  std::string fail_on = "unknown";

  void AddTo(CLI::App& app);
  // Fails if a flag has a value that it cannot have.
  absl::Status Validate() const;
  // --fail-on violation: an unknown verdict is no failure.
  bool forgives_unknown() const { return fail_on == "violation"; }
  // Of a command that found this.
  ExitCode ExitCodeOf(report::Finding finding) const;
};

class ReportSinks {
 public:
  // Opens everything that `flags` name, before any work is done. `several` says
  // whether more than one file may come. Fails if a flag is not valid or a file
  // cannot be written.
  static absl::StatusOr<ReportSinks> Open(const ReportFlags& flags,
                                          bool several);

  // Adds a result to each report. A report that cannot be written fails once,
  // in Finish; the others go on.
  void Add(const report::FileResult& result);

  // Ends all reports; returns what went wrong with them, one a sink.
  std::vector<absl::Status> Finish();

 private:
  struct Sink {
    std::unique_ptr<report::Renderer> renderer;
    Output output;
  };

  absl::Status AddReport(const std::string& format, const std::string& path,
                         const report::RenderOptions& options);
  absl::Status AddSink(std::unique_ptr<report::Renderer> renderer,
                       const std::string& path);

  std::vector<Sink> sinks_;
};

}  // namespace minos::cli

#endif  // MINOS_CLI_REPORT_SINKS_H_
